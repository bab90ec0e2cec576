import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { matchesText, readStringMatch } from './string-match.js';
import type { StringMatch } from './string-match.js';

/** An origin pattern of a CORS policy that lets pages send credentials. */
export interface OriginPattern {
  readonly at: FieldRef;
  readonly text: string;
  /** `any`: every site; `loose`: sites that an attacker can register; `exact`: only what is meant. */
  readonly reach: 'any' | 'loose' | 'exact';
  /** A foreign origin that fits, where one does. */
  readonly example: string | undefined;
}

const foreign = ['https://attacker.example', 'http://attacker.example', 'null'];

/** Text that a pattern matches once its wildcards stand for `word`; good enough to be tried, never trusted untried. */
function literal(pattern: string, word: string): string {
  return pattern
    .replace(/^\^|\$$/g, '')
    .replace(/\\?\.[*+]|\[\^?[^\]]*\][*+]?/g, word)
    .replace(/\((?:\?:)?([^()|]*)[^()]*\)[?*+]?/g, '$1')
    .replace(/s\?/g, 's')
    .replace(/\\(.)/g, '$1');
}

/** Origins that nobody means, tried against the pattern: a longer domain, or one that merely ends alike. */
function attempts(match: StringMatch): readonly string[] {
  if (match.kind === 'prefix')
    return /^https?:\/\/[^/:]+$/.test(match.value) ? [`${match.value}.attacker.example`] : [];
  if (match.kind !== 'regex') return [];
  const endsOpen = /\.[*+]\$?$/.test(match.value);
  const startsLoose = /\.[*+]\)?[A-Za-z0-9]/.test(match.value);
  return [
    ...(endsOpen ? [literal(match.value, '.attacker.example')] : []),
    ...(startsLoose ? [literal(match.value, 'attacker')] : []),
  ];
}

function judge(at: FieldRef, text: string, match: StringMatch): OriginPattern {
  if (match.kind === 'exact' && match.value === '*') return { at, text, reach: 'any', example: foreign[0] };
  const any = foreign.find((origin) => matchesText(match, origin));
  if (any !== undefined) return { at, text, reach: 'any', example: any };
  const example = attempts(match).find((origin) => matchesText(match, origin));
  return { at, text, reach: example === undefined ? 'exact' : 'loose', example };
}

const textOf = (value: JsonValue): string =>
  stringAt(value, 'exact') ?? stringAt(value, 'prefix') ?? stringAt(value, 'regex') ?? '';

function ofVirtualService(resource: Resource): readonly OriginPattern[] {
  return listAt(resource.object, 'spec', 'http').flatMap((rule, index) => {
    const cors = objectAt(rule, 'corsPolicy');
    if (cors?.['allowCredentials'] !== true) return [];
    const path = ['spec', 'http', index, 'corsPolicy'];
    const patterns = listAt(cors, 'allowOrigins').flatMap((origin, number) => {
      const match = readStringMatch(origin);
      const at = { resource, path: [...path, 'allowOrigins', number] };
      return match === undefined ? [] : [judge(at, textOf(origin), match)];
    });
    const former = stringsAt(cors, 'allowOrigin').map((value, number) =>
      judge({ resource, path: [...path, 'allowOrigin', number] }, value, { kind: 'exact', value }),
    );
    return [...patterns, ...former];
  });
}

/** The Gateway API knows `*` for any origin, and `*` in place of the first label of a host. */
function ofHttpRoute(resource: Resource): readonly OriginPattern[] {
  return listAt(resource.object, 'spec', 'rules').flatMap((rule, index) =>
    listAt(rule, 'filters').flatMap((filter, number) => {
      const cors = objectAt(filter, 'cors');
      if (cors?.['allowCredentials'] !== true) return [];
      const path = ['spec', 'rules', index, 'filters', number, 'cors', 'allowOrigins'];
      return stringsAt(cors, 'allowOrigins').map((text, origin): OriginPattern => {
        const isAny = /^(?:https?:\/\/)?\*$/.test(text);
        const at = { resource, path: [...path, origin] };
        return { at, text, reach: isAny ? 'any' : 'exact', example: isAny ? foreign[0] : undefined };
      });
    }),
  );
}

/**
 * The origins that a VirtualService or HTTPRoute admits together with credentials. Envoy tries every pattern with the origin,
 * and with a literal `*`, and answers with the origin that was sent (source/extensions/filters/http/cors/cors_filter.cc).
 */
export function credentialedOrigins(route: Resource): readonly OriginPattern[] {
  return route.kind === 'VirtualService' ? ofVirtualService(route) : ofHttpRoute(route);
}
