import type { RoleRule } from './role-rules.js';

/** Something that a Kubernetes role lets its holder do to a mesh. */
export type Power =
  | 'policies'
  | 'extensions'
  | 'gateways'
  | 'webhooks'
  | 'namespaces'
  | 'secrets'
  | 'tokens'
  | 'impersonation'
  | 'exec';

interface Need {
  readonly power: Power;
  /** For people, after `may`. */
  readonly text: string;
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const write = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const change = ['update', 'patch'];
const read = ['get', 'list', 'watch'];

const needs: readonly Need[] = [
  {
    power: 'policies',
    text: 'write authorization and authentication policies',
    group: 'security.istio.io',
    resources: ['authorizationpolicies', 'peerauthentications', 'requestauthentications'],
    verbs: write,
  },
  {
    power: 'extensions',
    text: 'change the filters of proxies (EnvoyFilter)',
    group: 'networking.istio.io',
    resources: ['envoyfilters'],
    verbs: ['create', 'update', 'patch'],
  },
  {
    power: 'extensions',
    text: 'load programs into proxies (WasmPlugin)',
    group: 'extensions.istio.io',
    resources: ['wasmplugins', 'trafficextensions'],
    verbs: ['create', 'update', 'patch'],
  },
  {
    power: 'gateways',
    text: 'open gateways',
    group: 'networking.istio.io',
    resources: ['gateways'],
    verbs: ['create', 'update', 'patch'],
  },
  {
    power: 'gateways',
    text: 'open gateways',
    group: 'gateway.networking.k8s.io',
    resources: ['gateways'],
    verbs: ['create', 'update', 'patch'],
  },
  {
    power: 'webhooks',
    text: 'change admission webhooks, the injector among them',
    group: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: write,
  },
  {
    power: 'namespaces',
    text: 'change the labels of namespaces, which decide who is in the mesh',
    group: '',
    resources: ['namespaces'],
    verbs: change,
  },
  { power: 'secrets', text: 'read Secrets', group: '', resources: ['secrets'], verbs: read },
  {
    power: 'tokens',
    text: 'make tokens of service accounts',
    group: '',
    resources: ['serviceaccounts/token'],
    verbs: ['create'],
  },
  {
    power: 'impersonation',
    text: 'pass for other accounts',
    group: '',
    resources: ['users', 'groups', 'serviceaccounts'],
    verbs: ['impersonate'],
  },
  {
    power: 'exec',
    text: 'run commands in pods',
    group: '',
    resources: ['pods/exec', 'pods/attach', 'pods/ephemeralcontainers'],
    verbs: ['create', 'update', 'patch'],
  },
];

const includes = (list: readonly string[], wanted: string): boolean =>
  list.includes('*') || list.includes(wanted);

/** A verb on `pods/exec` may be any; only `get` opens a stream as `create` does. */
function meets(rule: RoleRule, { group, resources, verbs }: Need): boolean {
  return (
    includes(rule.groups, group) &&
    resources.some((resource) => includes(rule.resources, resource)) &&
    verbs.some((verb) => includes(rule.verbs, verb))
  );
}

/** What a rule lets its holder do to a mesh, with a word for people; nothing for rules on objects of certain names. */
export function powersOf(rule: RoleRule): ReadonlyMap<Power, string> {
  if (rule.named) return new Map();
  return new Map(needs.filter((need) => meets(rule, need)).map(({ power, text }) => [power, text]));
}

/** True for a rule that grants everything there is, whatever it is called. */
export function grantsEverything({ groups, resources, verbs, named }: RoleRule): boolean {
  return !named && [groups, resources, verbs].every((list) => list.includes('*'));
}
