import { addressFamily, isPrefix } from '#schemas/ip-address.js';

/** Names as Istio's networking kinds take them. Source: istio/istio pkg/config/validation/agent, pkg/config/labels. */

const label = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const qualified = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const longestName = 255;

/** True for a DNS label in either case, at most 63 characters. */
export function isLabel(text: string): boolean {
  return text.length <= 63 && label.test(text);
}

/** True for a label that may begin with `*` or `*-`, or be `*`. */
function isWildcardLabel(text: string): boolean {
  return text.length <= 63 && (text === '*' || label.test(text.replace(/^\*-?/, '')));
}

/** What is wrong with the labels of a domain; the last may be empty, and must not be a number. */
function labelsProblem(domain: string): string | undefined {
  const parts = domain.split('.');
  const last = parts.at(-1) ?? '';
  if (/^[-+]?[0-9]+$/.test(last)) return `"${domain}" is no domain name: its top level is a number`;
  const names = last === '' ? parts.slice(0, -1) : parts;
  const wrong = names.find((name) => !isLabel(name));
  return wrong === undefined ? undefined : `"${domain}" is no domain name: "${wrong}" is no label`;
}

function lengthProblem(domain: string): string | undefined {
  if (domain === '') return 'an empty domain name is not allowed';
  return domain.length > longestName ? 'a domain name has at most 255 characters' : undefined;
}

/** What is wrong with a domain name without wildcard, or undefined. */
export function domainProblem(domain: string): string | undefined {
  return lengthProblem(domain) ?? labelsProblem(domain);
}

/** What is wrong with a domain name whose first label may be a wildcard, or undefined. */
export function wildcardDomainProblem(domain: string): string | undefined {
  const problem = lengthProblem(domain);
  if (problem !== undefined) return problem;
  const dot = domain.indexOf('.');
  const first = dot < 0 ? domain : domain.slice(0, dot);
  if (!isWildcardLabel(first)) return `"${domain}" is no domain name: "${first}" is no label`;
  return dot < 0 ? undefined : labelsProblem(domain.slice(dot + 1));
}

/** True for a wildcard that stands for a part of a label, such as `*foo.example`. */
export function isPartialWildcard(host: string): boolean {
  return host.includes('*') && host.length !== 1 && !host.startsWith('*.');
}

/** True for a port that traffic can use. */
export function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}

/** True for an IP address or, with one slash, a CIDR. */
export function isAddressOrPrefix(text: string): boolean {
  return text.split('/').length === 2 ? isPrefix(text) : addressFamily(text) !== undefined;
}

function isLabelKey(key: string): boolean {
  const slash = key.lastIndexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  if (prefix !== undefined && (prefix.length > 253 || !prefix.split('.').every((part) => label.test(part)))) return false;
  const name = key.slice(slash + 1);
  return name.length <= 63 && qualified.test(name);
}

/** The first of some labels that is not well-formed, as `key=value`; undefined when all are. */
export function wrongLabel(labels: Readonly<Record<string, unknown>>): string | undefined {
  const wrong = Object.entries(labels).find(([key, value]) => {
    const text = typeof value === 'string' ? value : '';
    return !isLabelKey(key) || (text !== '' && !qualified.test(text));
  });
  return wrong && `${wrong[0]}=${String(wrong[1])}`;
}

/** What is wrong with the path of a unix domain socket; names that begin with `@` are abstract. */
export function socketProblem(path: string): string | undefined {
  if (path === '') return 'a unix address must not be empty';
  if (path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))) return undefined;
  return `${path} is not an absolute path to a file`;
}
