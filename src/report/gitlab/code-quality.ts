import type { Finding, Severity } from '#check/index.js';
import type { Renderer } from '#report/renderer.js';
import { isActive } from '#report/tally.js';

const severities: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

const entry = ({ checkId, message, severity, fingerprint, location }: Finding) => ({
  description: message,
  check_name: checkId,
  fingerprint,
  severity: severities[severity],
  location: { path: location.file, lines: { begin: location.line } },
});

/** GitLab's Code Quality report: an array, a member for each finding that nobody has waived. */
export const renderCodeQuality: Renderer = ({ findings }) =>
  `${JSON.stringify(findings.filter(isActive).map(entry), undefined, 2)}\n`;
