import type { ReportedSubject } from '#check/index.js';

/**
 * Subjects in one phrase, `Deployment shop/cart, shop/pay and 38 more`: at most `limit` names, the kind said when it
 * changes. Text as it came from the input: the caller makes it printable.
 */
export function listSubjects(subjects: readonly ReportedSubject[], limit: number): string {
  const shown = subjects.slice(0, limit);
  const names = shown.map(({ kind, namespace, name }, index) => {
    const place = namespace === '' ? '' : `${namespace}/`;
    const isNameless = name === '' && kind !== 'Mesh';
    const qualified = isNameless ? 'without a name' : `${place}${name}`;
    const label = kind === shown[index - 1]?.kind ? qualified : `${kind} ${qualified}`;
    return label.trim();
  });
  const rest = subjects.length - shown.length;
  if (rest > 0) return `${names.join(', ')} and ${String(rest)} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}` : (names[0] ?? '');
}

/** True when a text names every one of the subjects (of `gateway:443` both parts), so that nobody needs to list them. */
export function namesAll(text: string, subjects: readonly ReportedSubject[]): boolean {
  return (
    subjects.length <= 10 &&
    subjects.every(({ name }) => name.split(/:(?=\d+$)/).every((part) => text.includes(part)))
  );
}
