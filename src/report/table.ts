import type { Renderer } from './renderer.js';
import { controlSections } from './table-controls.js';
import { findingsSection } from './table-findings.js';
import { headSection } from './table-head.js';
import { inert } from './printable.js';
import { problemsSection, skippedSection } from './table-inputs.js';
import { tableStyle } from './table-style.js';
import { summarySection } from './table-summary.js';
import { idleSection, undecidedSection } from './table-undecided.js';
import { isEmpty } from './tally.js';

/**
 * The report for people at a terminal: what was read, findings gravest first, what could not be decided, read or
 * judged, and the summary last, where the prompt comes back. A flood is counted, not printed.
 */
export const renderTable: Renderer = (result, options) => {
  const style = tableStyle(options);
  const summary = summarySection(result, style, options);
  const inputs = [skippedSection(result, style), problemsSection(result, style)];
  const full = isEmpty(result)
    ? [headSection(result, style), ...inputs]
    : [
        headSection(result, style),
        ...findingsSection(result, style),
        ...controlSections(result, style),
        undecidedSection(result, style),
        idleSection(result, style),
        ...inputs,
      ];
  const sections = options.quiet ? [summary] : [...full, summary];
  return `${inert(sections.filter((section) => section !== '').join('\n\n'))}\n`;
};
