/**
 * The page of one check, by its family and slug: on GitHub in the repository that is the homepage, elsewhere the homepage
 * itself; undefined without one.
 */
export function checkPage(
  homepage: string | undefined,
  { family, slug }: { readonly family: string; readonly slug: string },
): string | undefined {
  if (homepage?.startsWith('https://github.com/') !== true) return homepage;
  return `${homepage}/blob/main/docs/checks/${family}-${slug}.md`;
}
