/** Where an object of a build comes from, relative to the folder that was built. */
export interface ObjectOrigin {
  /** The file that it is written in; undefined for a generated one, or one from elsewhere. */
  readonly path?: string;
  /** The kustomization that generates it. */
  readonly configuredIn?: string;
}

/** A build without the annotations that tell origins, and what they told, by document. */
export interface BuildText {
  readonly text: string;
  readonly origins: readonly (ObjectOrigin | undefined)[];
}

const annotation = /^ {4}config\.kubernetes\.io\/origin: \|-?$/;

/** Takes the origins out of a build's text: what is left is what the build prints without being asked for them. */
export function takeOrigins(text: string): BuildText {
  const origins: (ObjectOrigin | undefined)[] = [undefined];
  const kept: string[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '---') origins.push(undefined);
    if (!annotation.test(line)) {
      kept.push(line);
      continue;
    }
    const from = at + 1;
    while (/^ {6}/.test(lines[at + 1] ?? '')) at++;
    origins[origins.length - 1] = readOrigin(lines.slice(from, at + 1));
    if (kept.at(-1) === '  annotations:' && !/^ {4}/.test(lines[at + 1] ?? '')) kept.pop();
  }
  return { text: kept.join('\n'), origins };
}

function readOrigin(lines: readonly string[]): ObjectOrigin | undefined {
  const fields = new Map(
    lines.flatMap((line) => {
      const [, name = '', value = ''] = /^ {6}(\w+): (\S.*)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value] as const];
    }),
  );
  if (fields.has('repo')) return undefined;
  const [path, configuredIn] = [fields.get('path'), fields.get('configuredIn')];
  return {
    ...(path === undefined ? {} : { path }),
    ...(configuredIn === undefined ? {} : { configuredIn }),
  };
}
