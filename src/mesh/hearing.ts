/** Names of what was asked for and is not there. */
export type Heard = ReadonlySet<string>;

/** Collects the names while something is worked out; undefined: nobody listens. */
let ear: Set<string> | undefined;

/** Whether somebody listens; what keeps answers has to keep what was heard with them only then. */
export function isHeard(): boolean {
  return ear !== undefined;
}

/** Tells that something was asked for which is not there. */
export function tell(name: string): void {
  ear?.add(name);
}

/**
 * Works something out and says what was asked for on the way, kept answers included: one that is kept brings along what was
 * heard when it was worked out ({@link tellAgain}). Who listens outside hears all of it too.
 */
export function hear<T>(work: () => T): { readonly value: T; readonly heard: Heard } {
  const outer = ear;
  const heard = new Set<string>();
  ear = heard;
  try {
    return { value: work(), heard };
  } finally {
    ear = outer;
    tellAll(heard);
  }
}

const kept = new WeakMap<object, Map<unknown, Heard>>();

/** Works out an answer that is kept in a place under a key, and keeps with it what was heard. */
export function hearOnce<T>(place: object, key: unknown, work: () => T): T {
  const { value, heard } = hear(work);
  if (heard.size === 0) return value;
  const known = kept.get(place) ?? new Map<unknown, Heard>();
  kept.set(place, known.set(key, heard));
  return value;
}

/** Tells again what was heard when the answer in this place was worked out. */
export function tellAgain(place: object, key: unknown): void {
  const heard = kept.get(place)?.get(key);
  if (heard !== undefined) tellAll(heard);
}

function tellAll(heard: Heard): void {
  if (ear !== undefined) for (const name of heard) ear.add(name);
}
