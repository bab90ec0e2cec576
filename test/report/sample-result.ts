import type { AuditResult, CheckMeta, CheckOutcome, Family, Finding, ReportedSubject } from '#check/index.js';

const noOutcome = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0, reasons: [] };

function check(
  family: Family,
  meta: Pick<CheckMeta, 'id' | 'title' | 'severity' | 'remediation' | 'examines'>,
  outcome: Partial<CheckOutcome>,
): CheckOutcome {
  return {
    id: meta.id,
    family,
    slug: meta.title.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
    meta: { confidence: 'high', messages: {}, controls: ['nist-800-204b/SM-DR22'], ...meta },
    ...noOutcome,
    ...outcome,
  };
}

export function subject(name: string, line: number): ReportedSubject {
  return {
    kind: 'Deployment',
    namespace: 'bookinfo',
    name,
    location: { file: 'apps.yaml', line, column: 5 },
  };
}

const app = (count: number): readonly ReportedSubject[] =>
  Array.from({ length: count }, (_, index) => subject(`reviews-v${String(index + 1)}`, 10 + 20 * index));

export function finding(
  given: Partial<Finding> & Pick<Finding, 'checkId' | 'message' | 'severity'>,
): Finding {
  return {
    messageKey: 'default',
    confidence: 'high',
    remediation: 'Set spec.mtls.mode to STRICT in the PeerAuthentication that selects the workload.',
    location: { file: 'policies.yaml', line: 12, column: 11, endLine: 12, endColumn: 21 },
    resource: 'PeerAuthentication bookinfo/default',
    subjects: app(1),
    related: [],
    fingerprint: 'f0e1d2c3b4a59687',
    environments: [''],
    ...given,
  };
}

/** A result with one of everything, made by hand. */
export const sampleResult: AuditResult = {
  schemaVersion: 1,
  tool: { name: 'meshaudit', version: '0.1.0' },
  environments: [
    {
      name: '',
      scope: 'partial',
      namespaces: 2,
      workloads: 42,
      services: 6,
      policies: 4,
      istioVersion: '1.30.2',
      assumptions: [
        { key: 'root-namespace', text: 'The root namespace is istio-system, as no mesh config says.' },
      ],
    },
  ],
  inputs: {
    stats: { files: 14, bytes: 48_210, documents: 61, resources: 58 },
    skipped: [
      { reason: 'helm-template', path: 'charts/shop', files: 12, documents: 0, detail: 'Helm chart shop' },
      { reason: 'unread-kind', path: 'monitoring.yaml', files: 1, documents: 3, detail: 'ServiceMonitor' },
      { reason: 'not-kubernetes', path: '.github/workflows/ci.yaml', files: 1, documents: 1 },
    ],
    problems: [
      {
        code: 'syntax',
        file: 'broken.yaml',
        line: 4,
        column: 3,
        message: 'A mapping value is not allowed here.',
        hint: 'Check the indentation of the line before.',
        fatal: true,
      },
      {
        code: 'removed-api',
        file: 'old.yaml',
        line: 1,
        message: 'rbac.istio.io has been removed.',
        fatal: false,
      },
    ],
  },
  checks: [
    check(
      'mtls',
      {
        id: 'MTLS-001',
        title: 'Workload accepts plaintext traffic',
        severity: 'high',
        examines: 'workloads in the mesh',
        remediation: 'Set spec.mtls.mode to STRICT in the PeerAuthentication that selects {workload}.',
      },
      { pass: 2, fail: 40, unknown: 3 },
    ),
    check(
      'authorization',
      {
        id: 'AUTHZ-001',
        title: 'ALLOW policy lets every request in',
        severity: 'critical',
        examines: 'workloads in the mesh',
        remediation: 'Name the sources that may call {workload}.',
      },
      { pass: 40, fail: 2, notApplicable: 4, reasons: ['not in the mesh'] },
    ),
    check(
      'egress',
      {
        id: 'EGRESS-001',
        title: 'Any destination outside the mesh can be reached',
        severity: 'medium',
        examines: 'meshes',
        remediation: 'Set meshConfig.outboundTrafficPolicy.mode to REGISTRY_ONLY.',
      },
      { unknown: 1 },
    ),
    check(
      'gateway',
      {
        id: 'GW-001',
        title: 'Gateway serves plaintext',
        severity: 'low',
        examines: 'gateway servers',
        remediation: 'Redirect to HTTPS.',
      },
      { reasons: ['no gateway servers in the input'] },
    ),
  ],
  findings: [
    finding({
      checkId: 'AUTHZ-001',
      severity: 'critical',
      message:
        'AuthorizationPolicy allow-all has rules: [{}], which matches every request; the policies beside it are void.',
      remediation: 'Name the sources that may call reviews.',
      location: { file: 'overlays/prod/authz policy.yaml', line: 3, column: 1 },
      resource: 'AuthorizationPolicy bookinfo/allow-all',
      subjects: app(2),
      fingerprint: '0011223344556677',
    }),
    finding({
      checkId: 'MTLS-001',
      severity: 'high',
      message: 'PeerAuthentication bookinfo/default sets mode PERMISSIVE; plaintext callers are accepted.',
      subjects: app(40),
      related: [
        { location: { file: 'mesh.yaml', line: 7, column: 3 }, note: 'mesh-wide default that it overrides' },
      ],
    }),
    finding({
      checkId: 'MTLS-001',
      severity: 'info',
      message: 'Port 15021 is a health port.',
      location: { file: 'policies.yaml', line: 30, column: 7 },
      fingerprint: '8899aabbccddeeff',
    }),
    finding({
      checkId: 'MTLS-001',
      severity: 'high',
      message: 'Port 9080 is PERMISSIVE.',
      location: { file: 'policies.yaml', line: 40, column: 7 },
      fingerprint: '1234567890abcdef',
      suppression: { kind: 'external', justification: 'Migration until June.' },
    }),
  ],
  advisories: [
    {
      environment: '',
      revision: 'default',
      namespace: 'istio-system',
      resource: 'Deployment istio-system/istiod',
      version: '1.27.0',
      fixedIn: '1.27.5',
      bulletins: [
        {
          id: 'ISTIO-SECURITY-2000-001',
          date: '2000-01-01',
          score: 8.1,
          cves: ['CVE-2000-0001', 'CVE-2000-0002'],
          exposure: 'policies on paths',
          standing: 'shown',
        },
        {
          id: 'ISTIO-SECURITY-2000-002',
          date: '2000-02-01',
          cves: [],
          exposure: 'filters for the PROXY protocol',
          standing: 'absent',
        },
      ],
    },
  ],
  undecided: [
    {
      checkId: 'MTLS-001',
      missing: [{ key: 'namespace-labels', text: 'labels of namespace payments' }],
      subjects: app(3),
      environments: [''],
    },
    {
      checkId: 'EGRESS-001',
      missing: [{ key: 'mesh-config', text: 'mesh config' }],
      subjects: [{ kind: 'Mesh', namespace: '', name: '', location: undefined }],
      environments: [''],
    },
  ],
};
