/** Starts an iteration that may have been gone through before. */
export type Replayed<T> = () => Iterable<T>;

const mostKept = 8;

/**
 * An iteration that many begin and few finish: its first values are made once and kept, what follows is made afresh each
 * time, so that no more than those are held. The values must be the same whenever they are made.
 */
export function replayed<T extends object>(start: () => Iterator<T>): Replayed<T> {
  const kept: T[] = [];
  let source: Iterator<T> | undefined;
  let isWhole = false;
  const isThere = (index: number): boolean => {
    if (index < kept.length) return true;
    if (isWhole) return false;
    source ??= start();
    const next = source.next();
    if (next.done === true) isWhole = true;
    else kept.push(next.value);
    return next.done !== true;
  };
  return function* () {
    let index = 0;
    for (; index < mostKept && isThere(index); index++) {
      const value = kept[index];
      if (value !== undefined) yield value;
    }
    if (isWhole || index < mostKept) return;
    const rest = start();
    for (let next = rest.next(), place = 0; next.done !== true; next = rest.next(), place++)
      if (place >= mostKept) yield next.value;
  };
}
