/** What a family of checks is called, and how its ids begin. */
export interface FamilyMeta {
  /** Ids are `PREFIX-000`. */
  readonly prefix: string;
  /** Heading in reports and pages. */
  readonly title: string;
}

/** Families of checks, by subject, in Istio's own words, in the order reports show them. */
export const families = {
  mtls: { prefix: 'MTLS', title: 'Mutual TLS' },
  authorization: { prefix: 'AUTHZ', title: 'Authorization' },
  'request-authentication': { prefix: 'JWT', title: 'Request authentication' },
  gateway: { prefix: 'GW', title: 'Gateways' },
  enrolment: { prefix: 'ENR', title: 'Enrolment' },
  capture: { prefix: 'CAP', title: 'Traffic capture' },
  egress: { prefix: 'EGR', title: 'Egress' },
  destination: { prefix: 'DR', title: 'Destinations' },
  identity: { prefix: 'ID', title: 'Identity' },
  extension: { prefix: 'EXT', title: 'Extensions' },
  waf: { prefix: 'WAF', title: 'Web application firewall' },
  telemetry: { prefix: 'TEL', title: 'Telemetry' },
  'control-plane': { prefix: 'CP', title: 'Control plane' },
  workload: { prefix: 'WL', title: 'Workloads' },
  reference: { prefix: 'REF', title: 'References and validity' },
} as const satisfies Readonly<Record<string, FamilyMeta>>;

/** Name of a family: the folder of its checks. */
export type Family = keyof typeof families;
