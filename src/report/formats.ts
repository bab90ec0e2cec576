import type { Renderer } from './renderer.js';

/** Report formats; each is loaded when it is asked for. */
export const formats = {
  table: async () => (await import('./table.js')).renderTable,
  json: async () => (await import('./json.js')).renderJson,
  sarif: async () => (await import('./sarif.js')).renderSarif,
  'sarif-full': async () => (await import('./sarif.js')).renderFullSarif,
  junit: async () => (await import('./junit.js')).renderJunit,
  markdown: async () => (await import('./markdown.js')).renderMarkdown,
  csv: async () => (await import('./csv.js')).renderCsv,
  html: async () => (await import('./html/html.js')).renderHtml,
  metrics: async () => (await import('./metrics.js')).renderMetrics,
  'gitlab-code-quality': async () => (await import('./gitlab/code-quality.js')).renderCodeQuality,
  'gitlab-sast': async () => (await import('./gitlab/sast.js')).renderSast,
  policyreport: async () => (await import('./policy-report/policy-report.js')).renderPolicyReport,
  openreports: async () => (await import('./policy-report/policy-report.js')).renderOpenReports,
  'cyclonedx-vex': async () => (await import('./cyclonedx-vex.js')).renderCyclonedxVex,
  oscal: async () => (await import('./oscal/oscal.js')).renderOscal,
} satisfies Record<string, () => Promise<Renderer>>;

/** Name of a report format. */
export type FormatName = keyof typeof formats;
