import type { AuditResult, Finding } from '#check/index.js';
import type { Renderer } from './renderer.js';
import { countFatal, isActive, sumOutcomes } from './tally.js';

/** One family of samples in the text format of Prometheus. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Gauges in Prometheus' text format, which OpenMetrics readers take too: for the textfile collector of node_exporter or
 * a push gateway. Labels are few and bounded by the catalogue and the namespaces; no resource is a label.
 */
export const renderMetrics: Renderer = (result, { now }) =>
  [...findingMetrics(result), ...runMetrics(result, now)].map(text).join('');

function findingMetrics({ findings, checks, environments }: AuditResult): readonly Metric[] {
  const counted = new Map<string, { labels: Sample['labels']; value: number }>();
  for (const finding of findings.filter(isActive)) {
    const labels = {
      check: finding.checkId,
      severity: finding.severity,
      namespace: namespaceOf(finding),
    };
    const key = Object.values(labels).join('\0');
    counted.set(key, { labels, value: (counted.get(key)?.value ?? 0) + 1 });
  }
  const outcomes = ['pass', 'fail', 'unknown', 'notApplicable', 'error'] as const;
  return [
    {
      name: 'meshaudit_findings',
      help: 'Findings that nobody has waived.',
      samples: [...counted.values()],
    },
    {
      name: 'meshaudit_findings_waived',
      help: 'Findings that somebody has waived.',
      samples: [{ labels: {}, value: findings.filter((finding) => !isActive(finding)).length }],
    },
    {
      name: 'meshaudit_subjects',
      help: 'Subjects that a check judged, by outcome.',
      samples: checks.flatMap((check) =>
        outcomes.map((outcome) => ({
          labels: { check: check.id, outcome: outcome === 'notApplicable' ? 'not_applicable' : outcome },
          value: check[outcome],
        })),
      ),
    },
    {
      name: 'meshaudit_workloads',
      help: 'Workloads in the input.',
      samples: environments.map(({ name, workloads }) => ({
        labels: { environment: name },
        value: workloads,
      })),
    },
  ];
}

function runMetrics(result: AuditResult, now: Date): readonly Metric[] {
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    samples: [{ labels: {}, value }],
  });
  return [
    gauge('meshaudit_problems', 'Input that could not be read or understood.', result.inputs.problems.length),
    gauge(
      'meshaudit_trusted',
      'Whether the audit can be trusted: 0 when input was lost or a check crashed.',
      countFatal(result) + sumOutcomes(result.checks).error === 0 ? 1 : 0,
    ),
    gauge(
      'meshaudit_last_run_timestamp_seconds',
      'When the audit ran, in seconds since 1970.',
      Math.floor(now.getTime() / 1000),
    ),
  ];
}

/** Namespace of the resource to edit: `Kind namespace/name`; empty for one that lives in none. */
function namespaceOf({ resource }: Finding): string {
  return /^\S+ ([^/]*)\//.exec(resource)?.[1] ?? '';
}

function text({ name, help, samples }: Metric): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${String(value)}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
