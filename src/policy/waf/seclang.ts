/** Whether rules act: `On` blocks, `DetectionOnly` logs. */
export type RuleEngine = 'On' | 'DetectionOnly' | 'Off';

/** What a list of ModSecurity directives (SecLang) comes to. */
export interface RuleSet {
  readonly engine: RuleEngine;
  /** Index of the line of the list that decided it; undefined: the engine's own default, `On`. */
  readonly engineLine: number | undefined;
  readonly readsBody: boolean;
  readonly bodyLine: number | undefined;
  /** False: nothing can match. */
  readonly hasRules: boolean;
  /** False: rules only add to a score that nothing judges. */
  readonly canBlock: boolean;
  /** Longer bodies are looked into up to the limit only. */
  readonly partialBody: boolean;
  readonly bodyLimit: string | undefined;
  readonly limitLine: number | undefined;
}

/** The files that the Wasm module brings (wasmplugin/rules and wasmplugin/fs.go of coraza-proxy-wasm), as far as they decide. */
const included: Readonly<Record<string, readonly string[]>> = {
  '@recommended-conf': [
    'SecRuleEngine DetectionOnly',
    'SecRequestBodyAccess On',
    'SecRequestBodyLimit 131072',
    'SecRequestBodyLimitAction Reject',
  ],
  '@demo-conf': [
    'SecRuleEngine On',
    'SecRequestBodyAccess On',
    'SecRequestBodyLimit 131072',
    'SecRequestBodyLimitAction ProcessPartial',
  ],
  '@crs-setup-conf': [],
  '@crs-setup-demo-conf': [],
  '@ftw-conf': [],
};

const engines: Readonly<Record<string, RuleEngine>> = {
  on: 'On',
  detectiononly: 'DetectionOnly',
  off: 'Off',
};

interface Directive {
  readonly name: string;
  readonly argument: string;
  readonly line: number;
}

/** The lines of all members, comments and continuations taken off. */
function directivesOf(members: readonly string[]): readonly Directive[] {
  return members.flatMap((member, line) =>
    member
      .replace(/\\\r?\n/g, ' ')
      .split('\n')
      .map((text) => text.trim())
      .filter((text) => text !== '' && !text.startsWith('#'))
      .map((text): Directive => {
        const space = text.search(/\s/);
        const [name, rest] = space < 0 ? [text, ''] : [text.slice(0, space), text.slice(space + 1)];
        return { name: name.toLowerCase(), argument: rest.trim().replace(/^(["'])(.*)\1$/, '$2'), line };
      }),
  );
}

function withIncludes(directives: readonly Directive[]): readonly Directive[] {
  return directives.flatMap((directive): readonly Directive[] => {
    const { name, argument, line } = directive;
    if (name !== 'include' || !Object.hasOwn(included, argument)) return [directive];
    return directivesOf(included[argument] ?? []).map((inner) => ({ ...inner, line }));
  });
}

const blocking = /\b(?:deny|drop|block|redirect)\b/i;

/** Score rules of the Core Rule Set block nothing without its file 949, which judges the score. */
function judgesScore(file: string): boolean {
  return file.includes('*')
    ? /^@owasp_crs\/(?:\*|REQUEST-?\*|REQUEST-9\*|REQUEST-94\*)/.test(file)
    : file.includes('REQUEST-949');
}

/** An action that switches the engine for every request (`SecAction … ctl:ruleEngine=…`). */
function switched({ name, argument }: Directive): RuleEngine | undefined {
  if (name !== 'secaction') return undefined;
  const told = /\bctl:ruleEngine=(\w+)/i.exec(argument)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(engines, told) ? engines[told] : undefined;
}

type Engine = Pick<RuleSet, 'engine' | 'engineLine'>;

function engineOf(directives: readonly Directive[]): Engine {
  const written = directives.findLast(
    ({ name, argument }) => name === 'secruleengine' && Object.hasOwn(engines, argument.toLowerCase()),
  );
  const action = directives.findLast((directive) => switched(directive) !== undefined);
  if (action !== undefined) return { engine: switched(action) ?? 'On', engineLine: action.line };
  return { engine: engines[written?.argument.toLowerCase() ?? 'on'] ?? 'On', engineLine: written?.line };
}

/** Reads directives as the engine does: of those that set one thing the last counts, also where it comes by an `Include`. */
export function readRules(members: readonly string[]): RuleSet {
  const directives = withIncludes(directivesOf(members));
  const last = (name: string): Directive | undefined => directives.findLast((one) => one.name === name);
  const body = last('secrequestbodyaccess');
  const limit = last('secrequestbodylimitaction');
  const files = directives.filter(({ name }) => name === 'include').map(({ argument }) => argument);
  const own = directives.filter(({ name }) => name === 'secrule' || name === 'secaction');
  const crs = files.filter((file) => file.startsWith('@owasp_crs'));
  const others = files.filter((file) => !file.startsWith('@'));
  const hasRules = crs.length > 0 || others.length > 0 || directives.some(({ name }) => name === 'secrule');
  const defaults = directives.filter(({ name }) => name === 'secdefaultaction');
  return {
    ...engineOf(directives),
    readsBody: body?.argument.toLowerCase() === 'on',
    bodyLine: body?.line,
    hasRules,
    canBlock:
      crs.some(judgesScore) ||
      others.length > 0 ||
      [...own, ...defaults].some(({ argument }) => blocking.test(argument)),
    partialBody: limit?.argument.toLowerCase() === 'processpartial',
    bodyLimit: last('secrequestbodylimit')?.argument,
    limitLine: limit?.line,
  };
}
