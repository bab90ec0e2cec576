import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';

// `node scripts/bench/posture.mjs [workloads] [rounds]`: loading a generated mesh (10,000 workloads by default), the
// posture of all its workloads and the JSON and table of it, in one process. Yardstick: loading, in the same rounds.

const [loading, survey, json, table] = await loadSource(
  'src/load-meshes.ts',
  'src/posture.ts',
  'src/report/posture-json.ts',
  'src/report/posture-table.ts',
);

const count = Number(process.argv[2] ?? 10_000);
const rounds = Number(process.argv[3] ?? 5);
const perNamespace = 50;

/** A Deployment and its Service as people write them down; no noise of a cluster's dump. */
function workload(namespace, index) {
  const name = `app-${index}`;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
        tier: ${index % 2 === 0 ? 'front' : 'back'}
        version: v1
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "9000"
    spec:
      serviceAccountName: ${name}
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: registry.example.com/shop/${name}:1.24.3
          ports:
            - name: http
              containerPort: 8080
            - name: tcp
              containerPort: 9000
          env:
            - name: LOG_LEVEL
              value: info
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: ${name}-db
                  key: password
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 10
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            failureThreshold: 3
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          volumeMounts:
            - name: config
              mountPath: /etc/app
      volumes:
        - name: config
          configMap:
            name: ${name}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: 80
      targetPort: 8080
    - name: tcp
      port: 9000
`;
}

function policies(namespace) {
  const rule = (index) => `  rules:
    - from:
        - source:
            principals: ["cluster.local/ns/${namespace}/sa/app-${index}"]
      to:
        - operation:
            methods: ["GET"]
            paths: ["/api/*"]
`;
  const authorization = Array.from({ length: 10 }, (_, index) =>
    [
      'apiVersion: security.istio.io/v1',
      'kind: AuthorizationPolicy',
      `metadata: { name: policy-${index}, namespace: ${namespace} }`,
      'spec:',
      `  action: ${index % 2 === 0 ? 'ALLOW' : 'DENY'}`,
      ...(index % 3 === 0 ? [] : [`  selector: { matchLabels: { app: app-${index} } }`]),
      rule(index),
    ].join('\n'),
  );
  const authentication = [
    `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: ${namespace} }
spec:
  jwtRules:
    - issuer: https://issuer.example
      jwksUri: https://issuer.example/keys
`,
    `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: ${namespace} }
spec: { mtls: { mode: STRICT } }
`,
  ];
  return [...authorization, ...authentication];
}

function namespaceOf(name, first) {
  const size = Math.min(perNamespace, count - first);
  return [
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { istio-injection: enabled } }\n`,
    ...Array.from({ length: size }, (_, index) => workload(name, index)),
    ...policies(name),
  ].join('---\n');
}

const folder = mkdtempSync(path.join(tmpdir(), 'meshaudit-posture-'));
for (let first = 0; first < count; first += perNamespace) {
  const name = `team-${first / perNamespace}`;
  writeFileSync(path.join(folder, `${name}.yaml`), namespaceOf(name, first));
}

async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { value, took: performance.now() - start };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const options = { color: false, width: 80 };
const takes = { load: [], posture: [], json: [], table: [] };
try {
  for (let round = 0; round < rounds; round += 1) {
    const load = await timed(() => loading.loadMeshes({ paths: ['.'], cwd: folder, scope: 'complete' }));
    const posture = await timed(() => survey.survey(load.value, {}));
    takes.load.push(load.took);
    takes.posture.push(posture.took);
    takes.json.push((await timed(() => json.renderPostureJson(posture.value))).took);
    takes.table.push((await timed(() => table.renderPostureTable(posture.value, options))).took);
    if (round === 0) console.log(`${posture.value.workloads.length} workloads, ${rounds} rounds, medians`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
const [load, posture, asJson, asTable] = Object.values(takes).map(median);
const ms = (value) => `${Math.round(value)} ms`;
console.log(`loading ${ms(load)}, posture ${ms(posture)}, JSON ${ms(asJson)}, table ${ms(asTable)}`);
const ratio = (...parts) => (parts.reduce((sum, part) => sum + part) / load).toFixed(2);
console.log(`posture / loading: ${ratio(posture)}, with JSON ${ratio(posture, asJson)}`);
console.log(`posture with table / loading: ${ratio(posture, asTable)} (limit 1.5)`);
