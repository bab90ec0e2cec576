function istio(apiVersion, kind, { name, namespace, spec }, random) {
  const metadata = {
    creationTimestamp: random.time(),
    generation: 1,
    name,
    namespace,
    resourceVersion: String(1_000_000 + Math.floor(random.next() * 8_000_000)),
    uid: random.uid(),
  };
  return { apiVersion, kind, metadata, spec };
}

/** Istio's objects about an application: few, and not always good ones. */
export function makePolicies({ name, namespace }, index, random) {
  const host = `${name}.${namespace}.svc.cluster.local`;
  const made = [];
  const add = (apiVersion, kind, ownName, spec) => {
    made.push(istio(apiVersion, kind, { name: ownName, namespace, spec }, random));
  };
  if (index < 25 && index % 3 === 0)
    add('security.istio.io/v1', 'PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } });
  if (index < 25 && index % 5 === 0) add('security.istio.io/v1', 'AuthorizationPolicy', 'deny-all', {});
  if (index % 4 === 0) {
    const from = [{ source: { principals: [`cluster.local/ns/${namespace}/sa/login-1`] } }];
    const to = [{ operation: { methods: ['GET'], paths: ['/api/*'], ports: ['8080'] } }];
    const spec = { action: 'ALLOW', rules: [{ from, to }], selector: { matchLabels: { app: name } } };
    add('security.istio.io/v1', 'AuthorizationPolicy', name, spec);
  }
  if (index % 6 === 0) {
    add('networking.istio.io/v1', 'DestinationRule', name, {
      host,
      trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } },
    });
    const route = [{ destination: { host, port: { number: 80 } } }];
    add('networking.istio.io/v1', 'VirtualService', name, {
      hosts: [host],
      http: [{ retries: { attempts: 2 }, route }],
    });
  }
  return made;
}
