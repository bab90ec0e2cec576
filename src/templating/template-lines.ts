/** A place in a template. */
export interface TemplatePlace {
  readonly line: number;
  readonly column: number;
}

const context = 6;

/**
 * Finds in a template the line that a line of its rendered text comes from: the one of the same text, else of the same
 * key, else that of the nearest line above it that is indented less; the first line when nothing is alike. Of several,
 * the one whose neighbourhood is most alike. Lines count from 1.
 */
export function templatePlace(
  template: readonly string[],
  rendered: readonly string[],
  line: number,
): TemplatePlace {
  for (let at = line; at >= 1; at = lineAbove(rendered, at)) {
    const text = (rendered[at - 1] ?? '').trim();
    const found =
      bestOf(template, rendered, { at, is: (other) => other === text }) ??
      bestOf(template, rendered, {
        at,
        is: (other) => keyOf(text) !== undefined && keyOf(other) === keyOf(text),
      });
    if (found !== undefined) return { line: found, column: indentOf(template[found - 1] ?? '') + 1 };
  }
  return { line: 1, column: 1 };
}

interface Sought {
  readonly at: number;
  readonly is: (text: string) => boolean;
}

function bestOf(
  template: readonly string[],
  rendered: readonly string[],
  { at, is }: Sought,
): number | undefined {
  const before = neighbours(rendered, at);
  let best: { readonly line: number; readonly score: number } | undefined;
  template.forEach((content, index) => {
    if (!is(content.trim())) return;
    const around = new Set(neighbours(template, index + 1));
    const score = before.filter((text) => around.has(text)).length;
    if (best === undefined || score > best.score) best = { line: index + 1, score };
  });
  return best?.line;
}

/** Keys and whole texts of the lines above. */
function neighbours(lines: readonly string[], line: number): readonly string[] {
  return lines
    .slice(Math.max(0, line - 1 - context), line - 1)
    .flatMap((text) => [text.trim(), keyOf(text.trim()) ?? ''])
    .filter((text) => text !== '');
}

/** `name:` of `- name: cart`. */
function keyOf(text: string): string | undefined {
  return /^(?:- )*(["']?[\w./-]+["']?:)(?:\s|$)/.exec(text)?.[1];
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** The nearest line above that is indented less; 0 when there is none in the document. */
function lineAbove(lines: readonly string[], line: number): number {
  const own = indentOf(lines[line - 1] ?? '');
  for (let at = line - 1; at >= 1; at--) {
    const text = lines[at - 1] ?? '';
    if (text.startsWith('---')) return 0;
    if (text.trim() !== '' && indentOf(text) < own) return at;
  }
  return 0;
}
