/** Something that Istio does otherwise than its users expect, and the check that says so where a manifest shows it. */
export type Surprise =
  | {
      /** Section and number, as the collection of measured cases counts them. */
      readonly entry: string;
      readonly says: string;
      /** Id and message key: `AUTHZ-007 open`. */
      readonly check: string;
      /** Name of a fail fixture of the check in which it happens. */
      readonly fixture: string;
    }
  | {
      readonly entry: string;
      readonly says: string;
      /** Why no check says it: it costs no protection, or no manifest shows it. */
      readonly because: string;
    };

/** Rows of a table: entry, what happens, then check and fixture, or the reason for none. */
export type Row =
  | readonly [entry: string, says: string, check: string, fixture: string]
  | readonly [entry: string, says: string, because: string];

/** Makes the rows of a section. */
export function surprises(section: string, rows: readonly Row[]): readonly Surprise[] {
  return rows.map(([number, says, third, fixture]): Surprise => {
    const entry = `${section}.${number}`;
    return fixture === undefined ? { entry, says, because: third } : { entry, says, check: third, fixture };
  });
}
