import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, namespace, policiesOf, service, workload } from '../manifests.js';

type Labels = Readonly<Record<string, string>>;

/** What is told of the requests of pods with such labels and annotations, and with such further containers. */
function told(labels: Labels, annotations: Labels = {}, containers: readonly JsonObject[] = []): string {
  const application = {
    name: 'application',
    image: 'registry.example/a:1',
    ports: [{ containerPort: 8080 }],
  };
  const objects = [
    namespace('shop', { 'istio-injection': 'enabled' }),
    deployment('shop/a', { labels, annotations, spec: { containers: [application, ...containers] } }),
    service('shop/a', [{ name: 'http', port: 80, targetPort: 8080 }]),
  ];
  const { mesh, waf } = policiesOf(objects, { scope: 'complete' });
  const decision = waf.inspection(workload(mesh, 'shop/Deployment/a'));
  return decision.known ? decision.value.verdict : decision.missing.map(({ text }) => text).join();
}

describe('engines that a webhook puts into pods', () => {
  it.each<[string, string, Labels, Labels?]>([
    ['Wallarm Sidecar', 'label', { 'wallarm-sidecar': 'enabled' }],
    ['Calico WAF', 'annotation', {}, { 'applicationlayer.projectcalico.org/waf': 'Enabled' }],
    ['Traceable (Harness)', 'annotation', {}, { 'tme.traceable.ai/inject': 'true' }],
  ])('leave unknown what is inspected: %s by %s', (name, _by, labels, annotations) => {
    expect(told(labels, annotations)).toBe(`what the webhook of ${name} puts into the pods`);
  });

  it('are not there where their mark says no', () => {
    expect(told({ 'wallarm-sidecar': 'disabled' })).toBe('not-inspected');
  });

  it('are judged as they are where the manifests hold them', () => {
    const engine = { name: 'waf', image: 'wallarm/sidecar:5.0', ports: [{ containerPort: 26001 }] };
    expect(told({ 'wallarm-sidecar': 'enabled' }, {}, [engine])).not.toContain('webhook');
  });
});
