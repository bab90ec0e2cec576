import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

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

function namespaceOf(name, size) {
  return [
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { istio-injection: enabled } }\n`,
    ...Array.from({ length: size }, (_, index) => workload(name, index)),
    ...policies(name),
  ].join('---\n');
}

/**
 * A mesh of many workloads as people write it down, a file for each namespace of 50: Deployments with their Services, ten
 * AuthorizationPolicies, a RequestAuthentication and a PeerAuthentication.
 */
export function writeLargeMesh(folder, count) {
  mkdirSync(folder, { recursive: true });
  for (let first = 0; first < count; first += perNamespace) {
    const name = `team-${first / perNamespace}`;
    const size = Math.min(perNamespace, count - first);
    writeFileSync(path.join(folder, `${name}.yaml`), namespaceOf(name, size));
  }
}
