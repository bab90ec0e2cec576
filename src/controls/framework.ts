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
  /**
   * Clauses that no manifest can prove, and why: what they ask for is done by people, or seen at run time only. Checks
   * may give evidence of them; they never count as satisfied.
   */
  readonly beyondManifests?: Readonly<Record<string, string>>;
  /** Named parts of the catalogue, by how much protection a system needs: `moderate` to its clauses. */
  readonly baselines?: Readonly<Record<string, readonly string[]>>;
}
