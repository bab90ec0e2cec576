import type { AuditResult, Bulletin, ControlPlaneAdvisories } from '#check/index.js';
import type { Renderer } from './renderer.js';
import { uuidOf } from './uuid.js';

/** What a bulletin means for one control plane, in CycloneDX' words. */
interface Analysis {
  readonly state: 'exploitable' | 'not_affected' | 'in_triage';
  readonly justification?: 'requires_configuration';
  readonly response?: readonly ['update'];
  readonly detail: string;
}

const bulletinUrl = ({ id }: Bulletin): string =>
  `https://istio.io/latest/news/security/${id.toLowerCase()}/`;

/** Severities of CVSS by score. */
function severityOf(score: number): string {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

function analysisOf({ exposure, standing }: Bulletin, version: string | undefined): Analysis {
  const exposed = `Exposed is: ${exposure}.`;
  switch (standing) {
    case 'shown':
      return {
        state: 'exploitable',
        response: ['update'],
        detail: `${exposed} The configuration that was audited has it.`,
      };
    case 'counts':
      return {
        state: 'exploitable',
        response: ['update'],
        detail: `${exposed} Configuration does not rule it out: the bulletin names the release.`,
      };
    case 'absent':
      return {
        state: 'not_affected',
        justification: 'requires_configuration',
        detail: `${exposed} The configuration that was audited, a whole cluster, has nothing of it.`,
      };
    case 'undecided':
      return {
        state: 'in_triage',
        detail:
          version === undefined
            ? `${exposed} The input does not show which release runs.`
            : `${exposed} The input does not show whether the release is named (patch number) or the configuration has it.`,
      };
  }
}

const refOf = ({ environment, namespace, revision }: ControlPlaneAdvisories): string =>
  `istio:${uuidOf('control-plane', environment, namespace, revision)}`;

function componentOf(plane: ControlPlaneAdvisories) {
  const { environment, namespace, revision, resource, version } = plane;
  const release = version?.replace(/^v/, '');
  return {
    type: 'platform',
    'bom-ref': refOf(plane),
    group: 'istio',
    name: 'istio',
    ...(release === undefined
      ? {}
      : { version: release, purl: `pkg:github/istio/istio@${encodeURIComponent(release)}` }),
    properties: [
      ...(environment === '' ? [] : [{ name: 'meshaudit:environment', value: environment }]),
      { name: 'meshaudit:namespace', value: namespace },
      { name: 'meshaudit:revision', value: revision },
      { name: 'meshaudit:resource', value: resource },
    ],
  };
}

/** One statement for each CVE of a bulletin, for that is by what scanners know it; of the bulletin where it names none. */
function statementsOf(plane: ControlPlaneAdvisories, bulletin: Bulletin) {
  const { version, fixedIn } = plane;
  const analysis = analysisOf(bulletin, version);
  const { id: bulletinId, cves, score, date } = bulletin;
  const istio = { name: 'Istio', url: bulletinUrl(bulletin) };
  const ids = cves.length === 0 ? [bulletinId] : cves;
  const status = { exploitable: 'affected', not_affected: 'unaffected', in_triage: 'unknown' }[
    analysis.state
  ];
  return ids.map((id) => ({
    'bom-ref': `vulnerability:${uuidOf('vulnerability', refOf(plane), bulletinId, id)}`,
    id,
    source: id === bulletinId ? istio : { name: 'NVD', url: `https://nvd.nist.gov/vuln/detail/${id}` },
    ...(id === bulletinId ? {} : { references: [{ id: bulletinId, source: istio }] }),
    ...(score === undefined
      ? {}
      : { ratings: [{ source: istio, score, severity: severityOf(score), method: 'other' }] }),
    published: `${date}T00:00:00Z`,
    ...(fixedIn === undefined || analysis.state === 'not_affected'
      ? {}
      : { recommendation: `Upgrade control plane and proxies to ${fixedIn} or a newer release.` }),
    analysis,
    affects: [{ ref: refOf(plane), ...(version === undefined ? {} : { versions: [{ version, status }] }) }],
  }));
}

function bomOf({ tool, advisories = [] }: AuditResult, now: Date) {
  const statements = advisories.flatMap((plane) =>
    plane.bulletins.flatMap((bulletin) => statementsOf(plane, bulletin)),
  );
  const content = {
    components: advisories.map(componentOf),
    vulnerabilities: statements,
  };
  const timestamp = now.toISOString();
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf('vex', timestamp, JSON.stringify(content))}`,
    version: 1,
    metadata: {
      timestamp,
      tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
    },
    ...content,
  };
}

/**
 * CycloneDX 1.6 VEX: what Istio's security bulletins mean for every control plane in the input. Only bulletins that name
 * its release, or may, are there.
 */
export const renderCyclonedxVex: Renderer = (result, { now }) =>
  `${JSON.stringify(bomOf(result, now), undefined, 2)}\n`;
