import type { FieldPath } from '#documents/document.js';
import { objectAt, stringsAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { complaint } from './webhook.js';

type State = 'literal' | 'name' | 'array' | 'quote' | 'text' | 'delimiter' | 'arguments' | 'end';

interface Next {
  readonly state: State;
  /** True when the next character is passed over. */
  readonly skip?: boolean;
}

/** One step of Envoy's header parser: the next state, or undefined where it refuses. */
type Step = (character: string, next: string | undefined) => Next | undefined;

const steps: Readonly<Record<State, Step>> = {
  literal: (character, next) => {
    if (character !== '%') return { state: 'literal' };
    if (next === undefined) return undefined;
    return next === '%' ? { state: 'literal', skip: true } : { state: 'name' };
  },
  name: (character) => {
    if (character === '%') return { state: 'literal' };
    return { state: character === '(' ? 'array' : 'name' };
  },
  array: (character) => {
    if (character === '[') return { state: 'quote' };
    return { state: character === ' ' ? 'array' : 'text' };
  },
  delimiter: (character) => {
    if (character === ',') return { state: 'quote' };
    if (character === ']') return { state: 'arguments' };
    return character === ' ' ? { state: 'delimiter' } : undefined;
  },
  quote: (character) => {
    if (character === '"') return { state: 'text' };
    return character === ' ' ? { state: 'quote' } : undefined;
  },
  text: (character, next) => {
    if (character === '\\') return next === undefined ? undefined : { state: 'text', skip: true };
    if (character === ')') return { state: 'end' };
    return { state: character === '"' ? 'delimiter' : 'text' };
  },
  arguments: (character) => {
    if (character === ')') return { state: 'end' };
    return character === ' ' ? { state: 'arguments' } : undefined;
  },
  end: (character) => {
    if (character === '%') return { state: 'literal' };
    return character === ' ' ? { state: 'end' } : undefined;
  },
};

/** True for a header value with well-formed `%VARIABLE(...)%`. Source: header_value_validator.go. */
export function isHeaderValue(value: string): boolean {
  let state: State = 'literal';
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code === 0x7f || (code < 0x20 && code !== 0x09)) return false;
    const step: Next | undefined = steps[state](value.charAt(index), value[index + 1]);
    if (!step) return false;
    state = step.state;
    if (step.skip) index += 1;
  }
  return state === 'literal';
}

/** True for the header that names the host. */
export function isAuthority(name: string): boolean {
  return ['host', ':authority'].includes(name.toLowerCase());
}

function nameErrors(name: string, path: FieldPath, authority: boolean): readonly Invalidity[] {
  if (name === '') return [complaint(path, 'a header must have a name')];
  if (authority && isAuthority(name)) return [];
  return name.startsWith(':') || name.toLowerCase() === 'host' ? [complaint(path, `the header ${name} cannot be changed`)] : [];
}

function operationErrors(operations: JsonObject | undefined, path: FieldPath, authority: boolean): readonly Invalidity[] {
  const written = ['add', 'set'].flatMap((operation) =>
    Object.entries(objectAt(operations, operation) ?? {}).flatMap(([name, value]) => {
      const at = [...path, operation, name];
      const valid = typeof value === 'string' && isHeaderValue(value);
      return [...nameErrors(name, at, authority), ...(valid ? [] : [complaint(at, `the value of ${name} is not valid`)])];
    }),
  );
  const removed = stringsAt(operations, 'remove').flatMap((name, index) => nameErrors(name, [...path, 'remove', index], false));
  return [...written, ...removed];
}

/** Faults of header manipulations (`headers.request` and `headers.response`), which stand at `path`. */
export function headerErrors(headers: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  return [
    ...operationErrors(objectAt(headers, 'request'), [...path, 'request'], true),
    ...operationErrors(objectAt(headers, 'response'), [...path, 'response'], false),
  ];
}
