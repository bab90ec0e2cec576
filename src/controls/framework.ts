/** A catalogue of controls that findings are held against. */
export interface Framework {
  /** First part of a control's id: `pci-dss-4.0.1`. */
  readonly id: string;
  readonly title: string;
  readonly version: string;
  /** Where the catalogue is published. */
  readonly url: string;
  /** Clause to a short label in our words; not the clause's text. */
  readonly clauses: Readonly<Record<string, string>>;
}
