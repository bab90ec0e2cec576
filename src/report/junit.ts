import type { AuditResult, CheckOutcome, Finding, Undecided } from '#check/index.js';
import type { Problem } from '#documents/document.js';
import type { RenderOptions, Renderer } from './renderer.js';
import { sentence } from './sarif-rules.js';
import { listSubjects, namesAll } from './subject-list.js';
import { countFatal, isAtLeast } from './tally.js';
import { attributes, escapeMarkup } from './xml.js';

/** One test case: what its element holds, and how it counts. */
interface TestCase {
  readonly name: string;
  readonly classname: string;
  readonly file?: string;
  readonly line?: number | undefined;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly type?: string;
  readonly message?: string;
  readonly text?: string;
}

const shownSubjects = 20;

/**
 * JUnit XML as CI servers read it: a suite for each check. A finding is a failed case, or a skipped one when somebody
 * has waived it or it is below the threshold; what could not be decided is skipped and names the evidence; a check that
 * found nothing is one passed case. Unreadable input is an error in a suite of its own.
 */
export const renderJunit: Renderer = (result, options) => {
  const suites = [
    ...(result.inputs.problems.length === 0 ? [] : [{ name: 'input', cases: inputCases(result) }]),
    ...result.checks.map((check) => ({
      name: `${check.id} ${check.meta.title}`,
      cases: casesOf(check, result, options),
    })),
  ];
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'meshaudit', ...counts(all) })}>`,
    ...suites.map(
      ({ name, cases }) =>
        `  <testsuite${attributes({ name, ...counts(cases) })}>\n${cases.map(element).join('\n')}\n  </testsuite>`,
    ),
    '</testsuites>',
    '',
  ].join('\n');
};

function counts(cases: readonly TestCase[]): Readonly<Record<string, number>> {
  const count = (outcome: TestCase['outcome']): number =>
    cases.filter((testCase) => testCase.outcome === outcome).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: 0,
  };
}

function element({ name, classname, file, line, outcome, type, message, text }: TestCase): string {
  const head = `    <testcase${attributes({ name, classname, file, line, time: 0 })}`;
  if (outcome === 'passed') return `${head}/>`;
  const body = text === undefined ? '/>' : `>${escapeMarkup(text)}</${outcome}>`;
  return `${head}>\n      <${outcome}${attributes({ message, type })}${body}\n    </testcase>`;
}

function casesOf(check: CheckOutcome, result: AuditResult, options: RenderOptions): readonly TestCase[] {
  const classname = `meshaudit.${check.family}`;
  const findings = result.findings
    .filter(({ checkId }) => checkId === check.id)
    .map((finding) => findingCase(finding, classname, options));
  const undecided = result.undecided
    .filter(({ checkId }) => checkId === check.id)
    .map((entry) => undecidedCase(entry, classname));
  const cases = [...findings, ...undecided];
  if (check.pass > 0 || cases.length === 0) cases.push(restCase(check, classname));
  return cases;
}

function findingCase(finding: Finding, classname: string, { failOn }: RenderOptions): TestCase {
  const { checkId, message, remediation, severity, location, resource, suppression, subjects } = finding;
  const base = { name: `${checkId} ${resource}`, classname, file: location.file, line: location.line };
  if (suppression !== undefined)
    return { ...base, outcome: 'skipped', message: `Waived: ${suppression.justification}` };
  if (failOn === 'never' || !isAtLeast(severity, failOn))
    return { ...base, outcome: 'skipped', message: `Below the threshold (${severity}): ${message}` };
  const affects = namesAll(`${resource} ${message}`, subjects)
    ? []
    : [`Affects ${listSubjects(subjects, shownSubjects)}.`];
  const place = `${location.file}:${String(location.line)}:${String(location.column)}`;
  const text = [place, sentence(message), ...affects, `Fix: ${sentence(remediation)}`].join('\n');
  return { ...base, outcome: 'failure', type: severity, message, text };
}

function undecidedCase({ checkId, missing, subjects }: Undecided, classname: string): TestCase {
  return {
    name: `${checkId} undecided: ${listSubjects(subjects, 3)}`,
    classname,
    outcome: 'skipped',
    message: `Undecided, as the input does not show: ${missing.map(({ text }) => text).join('; ')}`,
  };
}

/** The subjects that passed, or why there were none. */
function restCase({ id, pass, error, reasons }: CheckOutcome, classname: string): TestCase {
  if (error > 0) return { name: id, classname, outcome: 'error', message: 'The check crashed.' };
  if (pass > 0) return { name: `${id} ${String(pass)} passed`, classname, outcome: 'passed' };
  return { name: id, classname, outcome: 'skipped', message: `Nothing to judge: ${reasons.join('; ')}` };
}

function inputCases(result: AuditResult): readonly TestCase[] {
  const toCase = ({ code, file, line, message, hint, fatal }: Problem): TestCase => ({
    name: `${code} ${file}`,
    classname: 'meshaudit.input',
    file,
    line,
    outcome: fatal ? 'error' : 'skipped',
    type: code,
    message: hint === undefined ? message : `${sentence(message)} ${hint}`,
  });
  const cases = result.inputs.problems.map(toCase);
  return countFatal(result) > 0
    ? cases
    : [...cases, { name: 'read', classname: 'meshaudit.input', outcome: 'passed' }];
}
