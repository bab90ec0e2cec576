/**
 * A control's id as OSCAL's catalogues write it, which has to be a token: `ac-4` for AC-4, `sc-7.5` for SC-7(5); for
 * other frameworks the clause behind the framework's name, since a token begins with a letter.
 */
export function controlToken(id: string): string {
  const slash = id.indexOf('/');
  const [framework, clause] = [id.slice(0, slash), id.slice(slash + 1)];
  const plain = clause
    .toLowerCase()
    .replace(/\((\d+)\)/g, '.$1')
    .replace(/[^a-z0-9._-]+/g, '-');
  return /^(nist-800-53|fedramp)-/.test(framework) ? plain : `${framework}_${plain}`;
}
