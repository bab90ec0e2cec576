/** Where people find the project. */
export const homepage = 'https://github.com/meshaudit/meshaudit';

/** The page of one check, by its family and slug. */
export function checkPage(family: string, slug: string): string {
  return `${homepage}/blob/main/docs/checks/${family}-${slug}.md`;
}
