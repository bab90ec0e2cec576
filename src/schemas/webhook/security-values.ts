import type { FieldPath } from '#documents/document.js';
import { addressFamily, isPrefix } from '#schemas/ip-address.js';
import type { Invalidity } from '#schemas/validation.js';
import { complaint } from './webhook.js';

/** Checks of the values in sources, operations and conditions. Source: istio/istio pkg/config/security/security.go. */
export type ValuesCheck = (values: readonly string[], path: FieldPath) => readonly Invalidity[];

/** Complains of the first value that `problem` finds fault with, as Istio does. */
function first(problem: (value: string) => string | undefined): ValuesCheck {
  return (values, path) => {
    for (const [index, value] of values.entries()) {
      const found = problem(value);
      if (found !== undefined) return [complaint([...path, index], found)];
    }
    return [];
  };
}

/** Values must not be empty. */
export const notEmpty: ValuesCheck = first((value) => (value === '' ? 'an empty value is not allowed' : undefined));

/** IP addresses and CIDRs. */
export const addresses: ValuesCheck = (values, path) =>
  values.flatMap((value, index) => {
    const valid = value.includes('/') ? isPrefix(value) : addressFamily(value) !== undefined;
    const what = value.includes('/') ? 'CIDR range' : 'IP address';
    return valid ? [] : [complaint([...path, index], `"${value}" is not a valid ${what}`)];
  });

/** Port numbers in decimal; leading zeros are taken. */
export const ports: ValuesCheck = (values, path) =>
  values.flatMap((value, index) => {
    const valid = /^[0-9]+$/.test(value) && Number(value) <= 65535;
    return valid ? [] : [complaint([...path, index], `"${value}" is not a valid port`)];
  });

function wildcardProblem(value: string): string | undefined {
  const stars = value.split('*').length - 1;
  if (stars > 1) return `at most one wildcard is allowed: "${value}"`;
  if (stars === 1 && !value.startsWith('*') && !value.endsWith('*')) {
    return `a wildcard is only allowed at the start or end: "${value}"`;
  }
  return undefined;
}

function inTurn(...checks: readonly ValuesCheck[]): ValuesCheck {
  return (values, path) => {
    for (const check of checks) {
      const errors = check(values, path);
      if (errors.length > 0) return errors;
    }
    return [];
  };
}

/** Values that are not empty, with at most one `*` at either end. */
export const wildcards: ValuesCheck = inTurn(notEmpty, first(wildcardProblem));

/** Trust domains: wildcard values without `/`. */
export const trustDomains: ValuesCheck = inTurn(
  wildcards,
  first((value) => (value.includes('/') ? `a trust domain must not contain "/": "${value}"` : undefined)),
);

const longestServiceAccount = 320;
const mostServiceAccounts = 16;

function serviceAccountProblem(value: string): string | undefined {
  if (value === '') return 'an empty value is not allowed';
  if (value.includes('*')) return 'wildcards are not allowed in service accounts';
  const parts = value.split('/');
  if (parts.length > 2 || parts.includes('')) {
    return `"${value}" is not of the form serviceAccount or namespace/serviceAccount`;
  }
  return Buffer.byteLength(value) > longestServiceAccount ? 'a service account has at most 320 characters' : undefined;
}

/** Service accounts: `name` or `namespace/name`, at most 16. */
export const serviceAccounts: ValuesCheck = (values, path) =>
  values.length > mostServiceAccounts
    ? [complaint(path, `at most ${String(mostServiceAccounts)} service accounts are allowed`)]
    : first(serviceAccountProblem)(values, path);

const literal = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

function pathProblem(path: string): string | undefined {
  const isTemplate = path.includes('{*}') || path.includes('{**}');
  let ended = false;
  for (const segment of path.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (ended) return `"${path}": {**} must be the last operator`;
      ended = segment === '{**}';
    } else if (/[{}]/.test(segment)) {
      return `"${path}": "{" and "}" are only allowed as {*} and {**}`;
    } else if (isTemplate && !literal.test(segment)) {
      return `"${path}": segment "${segment}" of a path template is not a literal`;
    }
  }
  return undefined;
}

/** Paths, some of which may be templates with `{*}` and `{**}`. */
export const pathTemplates: ValuesCheck = first(pathProblem);
