const longestCompared = 64;

/** Edit distance (insert, delete, replace, swap of neighbours), or a number above `most` when it is larger. */
function distance(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const replaced = (previous[column - 1] ?? 0) + (same ? 0 : 1);
      const edited = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, replaced);
      current.push(swapped ? Math.min(edited, (before[column - 2] ?? 0) + 1) : edited);
    }
    before = previous;
    previous = current;
  }
  return previous[right.length] ?? most + 1;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

/**
 * The known name that was probably meant by `name`, or undefined when none is close. Case, `_` and `-` do not count,
 * so `match_labels` finds `matchLabels`.
 */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > longestCompared) return undefined;
  const meant = plain(name);
  const most = Math.min(3, Math.max(1, Math.floor(meant.length / 3)));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const found = candidate === name ? most + 1 : distance(meant, plain(candidate), most);
    if (found <= most && (best === undefined || found < best.distance)) best = { name: candidate, distance: found };
  }
  return best?.name;
}
