import { describe, expect, it } from 'vitest';
import { resolveTarget } from '#posture/can/target.js';
import { deployment, namespace, object, policiesOf } from '../../policy/manifests.js';

const service = (place: string, spec: Parameters<typeof object>[2]) => object('v1/Service', place, spec);

const policies = policiesOf([
  namespace('ledger'),
  deployment('ledger/api', {
    ports: [
      { name: 'web', containerPort: 9090 },
      { name: 'admin', containerPort: 8080 },
    ],
  }),
  deployment('ledger/api-canary', { labels: { app: 'api' }, ports: [{ name: 'web', containerPort: 9191 }] }),
  deployment('ledger/lonely', { ports: [{ containerPort: 7000 }] }),
  service('ledger/api', {
    selector: { app: 'api' },
    ports: [
      { name: 'http', port: 8080, targetPort: 'web' },
      { name: 'extra', port: 81, targetPort: 'nowhere' },
    ],
  }),
  service('ledger/alias', { type: 'ExternalName', externalName: 'elsewhere.example', ports: [{ port: 80 }] }),
  service('ledger/empty', { selector: { app: 'nobody' }, ports: [{ port: 80 }] }),
]);

const told = (text: string): unknown => {
  const found = resolveTarget(policies, text);
  if ('problem' in found) return found.problem;
  return found.map(({ workload, port, via }) => {
    const through = via === undefined ? '' : ` by ${via.service.name}:${String(via.port.number)}`;
    return `${workload.name}:${String(port)}${through}`;
  });
};

describe('target of a request', () => {
  it.each([
    // Port 8080 of the Service is another one than port 8080 of the pods.
    ['ledger/api:8080', ['api:9090 by api:8080', 'api-canary:9191 by api:8080']],
    ['ledger/api:http', ['api:9090 by api:8080', 'api-canary:9191 by api:8080']],
    ['ledger/svc/api:8080', ['api:9090 by api:8080', 'api-canary:9191 by api:8080']],
    ['ledger/Deployment/api:8080', ['api:8080']],
    ['ledger/deploy/api:admin', ['api:8080']],
    // No port 9090 at the Service: the pods'.
    ['ledger/api:9090', ['api:9090 by api:8080']],
    ['ledger/lonely', ['lonely:7000']],
    ['ledger/lonely:7001', ['lonely:7001']],
  ])('%s', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it.each([
    ['api', /names no target/],
    ['ledger/apu:8080', /no workload and no Service ledger\/apu/],
    ['ledger/api', /the port is not said/],
    ['ledger/Service/api', /has several ports/],
    ['ledger/Service/api:82', /has no port 82/],
    ['ledger/Service/api:extra', /leads to no workload/],
    ['ledger/lonely:web', /no container declares a port web/],
    ['ledger/alias:80', /ExternalName: it stands for elsewhere\.example/],
    ['ledger/empty', /leads to no workload/],
    ['ledger/StatefulSet/api:80', /no workload/],
    ['__proto__/constructor:80', /no workload/],
  ])('%s is refused', (text, problem) => {
    expect(told(text)).toMatch(problem);
  });

  it('has the names that may have been meant beside it', () => {
    expect(resolveTarget(policies, 'ledger/apu:8080')).toMatchObject({
      named: 'ledger/apu',
      candidates: expect.arrayContaining(['ledger/api', 'ledger/lonely']) as unknown,
    });
  });
});
