import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, namespace, policiesOf, workload } from './manifests.js';

type Labels = Readonly<Record<string, string>>;

interface Given {
  readonly namespace?: Labels;
  readonly name?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly hostNetwork?: boolean;
}

/** The revision that injects, or `no`. */
function injects(given: Given, install: readonly JsonObject[] = []): string {
  const name = given.name ?? 'shop';
  const { labels = {}, annotations = {}, hostNetwork = false } = given;
  const policies = policiesOf([
    ...install,
    namespace(name, given.namespace),
    deployment(`${name}/web`, { labels, annotations, spec: { hostNetwork } }),
  ]);
  const enrolment = policies.enrolment(workload(policies.mesh, `${name}/Deployment/web`));
  if (!enrolment.known) return enrolment.missing.map(({ key }) => key).join();
  return enrolment.value.dataPlane === 'sidecar' ? String(enrolment.value.revision) : 'no';
}

const inject = (value: string): Labels => ({ 'sidecar.istio.io/inject': value });
const revision = (value: string): Labels => ({ 'istio.io/rev': value });
const injection = (value: string): Labels => ({ 'istio-injection': value });

describe('the charts’ webhooks, by labels (istio-discovery/templates/mutatingwebhook.yaml)', () => {
  const table: readonly [string, Given, string][] = [
    ['nothing asks', {}, 'no'],
    ['namespace enabled', { namespace: injection('enabled') }, 'default'],
    [
      'namespace enabled wins over its revision',
      { namespace: { ...injection('enabled'), ...revision('1-30') } },
      'default',
    ],
    ['namespace enabled, pod says no', { namespace: injection('enabled'), labels: inject('false') }, 'no'],
    ['namespace disabled, pod says yes', { namespace: injection('disabled'), labels: inject('true') }, 'no'],
    ['istio-injection=true is a typo', { namespace: injection('true'), labels: inject('true') }, 'no'],
    ['namespace revision', { namespace: revision('1-30') }, '1-30'],
    [
      'namespace revision, pod revision ignored',
      { namespace: revision('1-30'), labels: revision('1-31') },
      '1-30',
    ],
    ['pod revision alone', { labels: revision('1-30') }, '1-30'],
    ['pod asks alone', { labels: inject('true') }, 'default'],
    ['pod asks with a capital letter', { labels: inject('True') }, 'no'],
    ['the annotation alone does not reach a webhook', { annotations: inject('true') }, 'no'],
    ['pod revision of an inherited name', { labels: revision('constructor') }, 'constructor'],
  ];
  it.each(table)('%s', (_title, given, expected) => {
    expect(injects(given)).toBe(expected);
  });
});

describe('the injector (injectRequired, pkg/kube/inject/inject.go)', () => {
  const on = injection('enabled');
  const table: readonly [string, Given, string][] = [
    ['host network', { namespace: on, hostNetwork: true }, 'no'],
    ['system namespace', { namespace: on, name: 'kube-system' }, 'no'],
    ['annotation says no', { namespace: on, annotations: inject('false') }, 'no'],
    [
      'the label hides the annotation',
      { namespace: on, annotations: inject('false'), labels: inject('true') },
      'default',
    ],
    [
      'an empty label hides it too',
      { namespace: on, annotations: inject('false'), labels: inject('') },
      'default',
    ],
    ['an unreadable value means the policy', { namespace: on, annotations: inject('no') }, 'default'],
  ];
  it.each(table)('%s', (_title, given, expected) => {
    expect(injects(given)).toBe(expected);
  });

  const injector = (config: JsonObject): readonly JsonObject[] => [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
      data: { config: JSON.stringify(config), values: '{}' },
    },
  ];
  const always = { matchLabels: { mesh: 'please' } };
  const never = { matchExpressions: [{ key: 'role', operator: 'In', values: ['job'] }] };
  const configured: readonly [string, JsonObject, Given, string][] = [
    ['policy disabled', { policy: 'disabled' }, {}, 'no'],
    ['policy disabled, pod asks', { policy: 'disabled' }, { labels: inject('true') }, 'default'],
    ['unknown policy', { policy: 'on' }, { labels: inject('true') }, 'no'],
    ['never', { policy: 'enabled', neverInjectSelector: [never] }, { labels: { role: 'job' } }, 'no'],
    [
      'pod asks against never',
      { policy: 'enabled', neverInjectSelector: [never] },
      { labels: { role: 'job', ...inject('true') } },
      'default',
    ],
    [
      'always',
      { policy: 'disabled', alwaysInjectSelector: [always] },
      { labels: { mesh: 'please' } },
      'default',
    ],
    [
      'never before always',
      { policy: 'enabled', neverInjectSelector: [never], alwaysInjectSelector: [always] },
      { labels: { mesh: 'please', role: 'job' } },
      'no',
    ],
    ['an empty selector is none', { policy: 'enabled', neverInjectSelector: [{}] }, {}, 'default'],
  ];
  it.each(configured)('%s', (_title, config, given, expected) => {
    expect(injects({ namespace: on, ...given }, injector(config))).toBe(expected);
  });
});

describe('webhooks in the input count instead of the charts’', () => {
  const webhook = (name: string, labels: Labels, selectors: JsonObject): JsonObject => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name, labels },
    webhooks: [
      {
        name: 'rev.namespace.sidecar-injector.istio.io',
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        ...selectors,
      },
    ],
  });
  const forRevision = (value: string): JsonObject => ({
    namespaceSelector: { matchExpressions: [{ key: 'istio.io/rev', operator: 'In', values: [value] }] },
    objectSelector: {
      matchExpressions: [{ key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] }],
    },
  });
  const tag = webhook(
    'istio-revision-tag-prod',
    { 'istio.io/tag': 'prod', 'istio.io/rev': '1-30' },
    forRevision('prod'),
  );

  it('a tag stands for its revision', () => {
    expect(injects({ namespace: revision('prod') }, [tag])).toBe('1-30');
  });
  it('the pod’s opt-out is a selector like any other', () => {
    expect(injects({ namespace: revision('prod'), labels: inject('false') }, [tag])).toBe('no');
  });
  it('a revision without webhook injects nobody in a complete input', () => {
    expect(injects({ namespace: revision('stranger') }, [tag])).toBe('no');
    expect(injects({ namespace: injection('enabled') }, [tag])).toBe('no');
  });
  it('and may have one elsewhere in a partial input', () => {
    const policies = policiesOf([tag, namespace('shop', revision('stranger')), deployment('shop/web')], {
      scope: 'partial',
    });
    const enrolment = policies.enrolment(workload(policies.mesh, 'shop/Deployment/web'));
    expect(enrolment).toMatchObject({ known: false, missing: [{ key: 'injection-webhook' }] });
  });
  it('webhooks of others are none of Istio’s', () => {
    const other = { ...webhook('vault', {}, {}), webhooks: [{ name: 'vault.hashicorp.com' }] };
    expect(injects({ namespace: injection('enabled') }, [other])).toBe('default');
  });
});
