import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources } from '../meshes/read-meshes.mjs';

// Decisions a second in one process on a mesh of 1,000 workloads and 500 policies:
// `node scripts/bench/decisions.mjs`. Yardstick: the same requests only written as JSON and read again.

const [decide, requests, facade] = await loadSource(
  'src/policy/decide-request.ts',
  'src/policy/request/access-request.ts',
  'src/policy/effective-policies.ts',
);

const namespaces = 50;
const perNamespace = 20;

function object(kind, apiVersion, metadata, rest) {
  return { apiVersion, kind, metadata, ...rest };
}

function workload(namespace, index) {
  const name = `app-${index}`;
  const labels = { app: name, tier: index % 2 === 0 ? 'front' : 'back' };
  const ports = [{ containerPort: 8080 }, { containerPort: 9000 }];
  const containers = [{ name: 'app', image: 'app:1', ports }];
  const template = { metadata: { labels }, spec: { serviceAccountName: name, containers } };
  const meta = { name, namespace, uid: `${namespace}-${name}` };
  const servicePorts = [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'tcp', port: 9000, targetPort: 9000 },
  ];
  return [
    object('Deployment', 'apps/v1', meta, { spec: { selector: { matchLabels: labels }, template } }),
    object(
      'Service',
      'v1',
      { ...meta, uid: `${meta.uid}-s` },
      { spec: { selector: { app: name }, ports: servicePorts } },
    ),
  ];
}

function policy(namespace, index) {
  const meta = { name: `policy-${index}`, namespace, uid: `${namespace}-p-${index}` };
  const selector = index % 3 === 0 ? undefined : { matchLabels: { app: `app-${index}` } };
  const rules = [
    {
      from: [
        { source: { principals: [`cluster.local/ns/${namespace}/sa/app-1`], notIpBlocks: ['10.9.0.0/16'] } },
      ],
      to: [{ operation: { methods: ['GET', 'POST'], paths: ['/api/*', '/health', '/v1/{*}/items'] } }],
    },
    {
      from: [{ source: { namespaces: ['team-1*', namespace] } }],
      when: [{ key: 'request.headers[x-env]', values: [index % 2 === 0 ? 'prod' : 'forbidden'] }],
    },
    { to: [{ operation: { paths: [`/admin-${index}*`], hosts: ['*.example.com'] } }] },
  ];
  const action = index % 2 === 0 ? 'ALLOW' : 'DENY';
  return object('AuthorizationPolicy', 'security.istio.io/v1', meta, {
    spec: { action, ...(selector && { selector }), rules },
  });
}

function authentication(namespace) {
  const rule = { issuer: 'https://issuer.example', jwks: '{"keys":[{"kty":"RSA","kid":"k"}]}' };
  const meta = { name: 'tokens', namespace, uid: `${namespace}-ra` };
  return object('RequestAuthentication', 'security.istio.io/v1', meta, { spec: { jwtRules: [rule] } });
}

function meshDocuments() {
  const names = Array.from({ length: namespaces }, (_, index) => `team-${index}`);
  const root = object('Namespace', 'v1', { name: 'istio-system', uid: 'root' }, {});
  return [
    root,
    ...names.flatMap((name) => [
      object('Namespace', 'v1', { name, uid: name, labels: { 'istio-injection': 'enabled' } }, {}),
      ...Array.from({ length: perNamespace }, (_, index) => workload(name, index)).flat(),
      ...Array.from({ length: 9 }, (_, index) => policy(name, index)),
      authentication(name),
    ]),
  ];
}

function request(index) {
  const namespace = `team-${index % namespaces}`;
  const from = index % 7 === 0 ? { plaintext: true } : { namespace, serviceAccount: `app-${index % 5}` };
  const http = {
    method: index % 3 === 0 ? 'GET' : 'DELETE',
    path: ['/api/v1/orders?x=1', '/admin-3', '/v1/a/items', '/x/../api/y', '/'][index % 5],
    host: 'app.example.com',
    headers: { 'x-env': index % 4 === 0 ? 'prod' : 'test', 'user-agent': 'bench', accept: '*/*' },
  };
  const token =
    index % 2 === 0 ? { token: { issuer: 'https://issuer.example', claims: { sub: 'alice' } } } : {};
  const port = index % 10 === 9 ? 9000 : 8080;
  const to = { namespace, workload: `Deployment/app-${index % perNamespace}`, port };
  return { from, ip: '10.1.2.3', to, http, ...token };
}

const text = meshDocuments()
  .map((each) => JSON.stringify(each))
  .join('\n---\n');
const mesh = meshOfResources(await readResources({ path: 'mesh.yaml', text }));
const policies = facade.effectivePolicies(mesh);
const vectors = Array.from({ length: 20_000 }, (_, index) => request(index));
const read = vectors.map((each) => requests.readAccessRequest(each));

function perSecond(count, work) {
  const start = performance.now();
  work();
  return Math.round((count / (performance.now() - start)) * 1000);
}

const tally = {};
const first = perSecond(read.length, () => {
  for (const each of read) {
    const { verdict } = decide.decideRequest(policies, each);
    tally[verdict] = (tally[verdict] ?? 0) + 1;
  }
});
const rounds = 20;
const warm = perSecond(read.length * rounds, () => {
  for (let round = 0; round < rounds; round += 1)
    for (const each of read) decide.decideRequest(policies, each);
});
const yardstick = perSecond(vectors.length, () => {
  for (const each of vectors) JSON.parse(JSON.stringify(each));
});
console.log(
  `${mesh.workloads.length} workloads, ${namespaces * 9} AuthorizationPolicies, ${namespaces} RequestAuthentications`,
);
console.log(`verdicts ${JSON.stringify(tally)}`);
console.log(`decisions a second: ${first} in the first pass, ${warm} after that`);
console.log(`yardstick (the request written as JSON and read again) a second: ${yardstick}`);
