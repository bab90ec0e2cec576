import { envoyRules } from './generated/envoy-rules.js';
import { lazy } from '#mesh/lazy.js';

/** One limit: its kind and what comes after it (`l1`: at least one character, `>=200`, `^/`, `r`: needed). */
export interface FieldLimit {
  readonly kind: string;
  readonly value: string;
  /** It is for the members of a list. */
  readonly ofMembers: boolean;
}

/** What Envoy asks of one field. */
export interface FieldRule {
  readonly field: string;
  readonly limits: readonly FieldLimit[];
  /** Nothing is asked of it while it is empty. */
  readonly mayBeEmpty: boolean;
  /** One of several fields: asked only where it is the one. */
  readonly isChoice: boolean;
  /** What stands in it is not looked into. */
  readonly isSkipped: boolean;
}

/** What Envoy asks of a message. */
export interface MessageRules {
  readonly fields: ReadonlyMap<string, FieldRule>;
  /** Groups of fields of which one must be set. */
  readonly choices: readonly (readonly string[])[];
}

function limitOf(text: string): FieldLimit {
  const ofMembers = text.startsWith('*');
  const code = ofMembers ? text.slice(1) : text;
  const [kind = ''] = /^(?:>=|<=|.)/.exec(code) ?? [];
  return { kind, value: code.slice(kind.length), ofMembers };
}

function ruleOf(field: string, codes: readonly string[]): FieldRule {
  return {
    field,
    limits: codes.filter((code) => !['e', 'o', 's'].includes(code)).map(limitOf),
    mayBeEmpty: codes.includes('e'),
    isChoice: codes.includes('o'),
    isSkipped: codes.includes('s'),
  };
}

function rulesOf(words: readonly string[]): MessageRules {
  const rules = words
    .filter((word) => !word.startsWith('|'))
    .map((word) => {
      const [field = '', codes = ''] = word.split(':');
      return ruleOf(field, codes.split(','));
    });
  return {
    fields: new Map(rules.map((rule) => [rule.field, rule] as const)),
    choices: words.filter((word) => word.startsWith('|')).map((word) => word.slice(1).split(',')),
  };
}

const table = lazy((): ReadonlyMap<string, MessageRules> => {
  const found = new Map<string, MessageRules>();
  let packageName = '';
  for (const line of envoyRules.split('\n')) {
    const [name = '', ...words] = line.split(' ');
    if (name.startsWith('@')) packageName = name.slice(1);
    else if (name !== '') found.set(`${packageName}.${name}`, rulesOf(words));
  }
  return found;
});

/** The rules of a message; undefined: Envoy asks nothing of its fields. */
export function rulesFor(message: string): MessageRules | undefined {
  return table().get(message);
}
