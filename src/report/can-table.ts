import type { DecidedRequest, DecidedStep, DecideResult } from '#posture/can/decided.js';
import { placeText } from './posture-story.js';
import { inert, printable, printableName } from './printable.js';
import type { RenderOptions } from './renderer.js';
import { problemsSection } from './table-inputs.js';
import type { Style } from './table-style.js';
import { tableStyle } from './table-style.js';

/** What the reports of decisions for people are written with. */
export type CanRenderOptions = Pick<RenderOptions, 'color' | 'width'>;

type Asked = NonNullable<DecidedRequest['request']>;

const marks: Readonly<Record<DecidedStep['outcome'], string>> = { passed: '✓', denied: '✖', unknown: '?' };

function verdictText(verdict: DecidedRequest['verdict'], { ink }: Style): string {
  const colors = { allowed: ink.green, denied: ink.red, unknown: ink.yellow };
  return ink.bold(colors[verdict](verdict));
}

function callerText({ from }: Asked): string {
  switch (from.kind) {
    case 'mesh':
      return `${from.namespace}/sa/${from.serviceAccount}`;
    case 'plaintext':
      return 'a caller without identity';
    case 'foreign-tls':
      return from.certificate === undefined
        ? 'a TLS caller without certificate'
        : `a TLS caller with a certificate for ${from.certificate.join(', ')}`;
  }
}

function targetText({ request, service, gateway }: DecidedRequest): string {
  if (request === undefined) return '';
  const { namespace, workload, port } = request.to;
  const through = service === undefined ? '' : ` through Service ${printableName(service)}`;
  const by = gateway === undefined ? '' : ` by gateway ${printableName(gateway)}`;
  return `${printableName(`${namespace}/${workload}`)}:${String(port)}${through}${by}`;
}

function requestText({ http, tokens, ip }: Asked): string {
  const line =
    http === undefined ? 'bytes that are not HTTP' : `${http.method} ${http.path}, Host ${http.host}`;
  const headers = Object.entries(http?.headers ?? {}).map(([name, value]) => `, ${name}: ${value}`);
  const issuers = tokens.map(
    ({ issuer, problem }) => `, token of ${issuer}${problem === undefined ? '' : ` (${problem})`}`,
  );
  return [line, ...headers, ...issuers, ip === undefined ? '' : `, from ${ip}`].join('');
}

function stepLines(
  { stage, outcome, note, resource, location }: DecidedStep,
  style: Style,
): readonly string[] {
  const { ink } = style;
  const color = { passed: ink.green, denied: ink.red, unknown: ink.yellow }[outcome];
  const [first = '', ...rest] = style.labelled(`${stage.padEnd(10)} `, printable(note), 4);
  const place =
    location === undefined
      ? []
      : [`               ${ink.dim(printable(resource ?? ''))}  ${ink.cyan(placeText(location))}`];
  return [`  ${color(marks[outcome])}${first.slice(3)}`, ...rest, ...place];
}

function ruleText({ policy, rule }: NonNullable<DecidedRequest['by']>): string {
  return rule === undefined ? policy : `${policy} rule ${String(rule)}`;
}

/** The steps in order; where several proxies are passed, under the name of each. */
function chainLines(chain: DecidedRequest['chain'], style: Style): readonly string[] {
  const several = new Set(chain.map(({ proxy }) => proxy)).size > 1;
  return chain.flatMap((step, index) => {
    const heads = several && chain[index - 1]?.proxy !== step.proxy ? [`  ${printable(step.proxy)}`] : [];
    return [...heads, ...stepLines(step, style)];
  });
}

function whole(decision: DecidedRequest, style: Style, several: boolean): string {
  const { request, verdict, environment, connection, chain, missing, by, problem } = decision;
  const where = several && environment !== '' ? ` in ${printable(environment, 200)}` : '';
  if (request === undefined || problem !== undefined)
    return `${verdictText(verdict, style)}  ${printable(problem ?? '')}`;
  const named = by === undefined ? '' : ` by ${printableName(ruleText(by))}`;
  return [
    `${verdictText(verdict, style)}${where}${named}`,
    ...style.labelled('', `${printable(callerText(request))} → ${targetText(decision)}`, 2),
    ...style.labelled('', printable(requestText(request)), 2),
    ...(connection === undefined ? [] : style.labelled('', printable(connection), 2)),
    '',
    ...chainLines(chain, style),
    ...(missing.length === 0 ? [] : ['', `  ${style.ink.dim('Not in the input, or not said:')}`]),
    ...missing.flatMap(({ text }) => style.labelled('- ', printable(text), 4)),
  ].join('\n');
}

/** One line for a request of many. */
function brief(decision: DecidedRequest, style: Style): string {
  const { index, id, verdict, stage, by, problem, missing, request } = decision;
  const why =
    problem ??
    (by && [ruleText(by), ...(by.location ? [placeText(by.location)] : [])].join(', ')) ??
    stage ??
    missing[0]?.text ??
    '';
  const name = printableName(id ?? `#${String(index)}`);
  const path = request === undefined ? '' : `${callerText(request)} → ${targetText(decision)}`;
  const pad = ' '.repeat(8 - verdict.length);
  return `${verdictText(verdict, style)}${pad}${name}  ${printable(path)}  ${style.ink.dim(printable(why, 300))}`.trimEnd();
}

function notes({ environments, problems }: DecideResult, style: Style): readonly string[] {
  const texts = new Set(environments.flatMap(({ assumptions }) => assumptions.map(({ text }) => text)));
  const lines = [...texts].flatMap((text) => style.labelled('Note  ', printable(text), 2));
  return [problemsSection({ inputs: { problems } }, style), lines.join('\n')].filter((text) => text !== '');
}

/** Decisions for people: the whole chain of a question, or a line for each of many requests and their sum. */
export function renderCanTable(result: DecideResult, options: CanRenderOptions): string {
  const style = tableStyle(options);
  const { decisions } = result;
  const many = new Set(decisions.map(({ index }) => index)).size > 1;
  const count = (verdict: DecidedRequest['verdict']): string =>
    `${String(decisions.filter((each) => each.verdict === verdict).length)} ${verdict}`;
  const sections = many
    ? [
        decisions.map((decision) => brief(decision, style)).join('\n'),
        `${count('allowed')}, ${count('denied')}, ${count('unknown')}`,
      ]
    : decisions.map((decision) => whole(decision, style, result.environments.length > 1));
  return `${inert([...sections, ...notes(result, style)].join('\n\n'))}\n`;
}
