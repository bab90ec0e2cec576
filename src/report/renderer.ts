import type { AuditResult, Severity } from '#check/index.js';

/** What a report may need to know of the place it is written to. */
export interface RenderOptions {
  /** Colour escapes allowed. */
  readonly color: boolean;
  /** Width of the terminal in columns; 80 when there is none. */
  readonly width: number;
  /** Only the summary, no list of findings. */
  readonly quiet: boolean;
  /** Findings below it are listed but do not make the exit code 1. */
  readonly failOn: Severity | 'never';
  /** When the audit ran, for the formats that date their findings. */
  readonly now: Date;
  /** SARIF: tells the uploads of one repository apart (one for each overlay or cluster); none by default. */
  readonly category?: string;
}

/** A report format: the result in, its text out; no input or output of its own. */
export type Renderer = (result: AuditResult, options: RenderOptions) => string;
