import { controlOf } from './controls.js';
import { crosswalk } from './crosswalk.js';

/**
 * What a check shows of a control: `full`: all that the control asks of a mesh; `partial`: some of it; `evidence`: it
 * bears on a control that no manifest can prove.
 */
export type Relation = 'full' | 'partial' | 'evidence';

/** The parts of a check that say what it is held against. */
export interface LinkedCheck {
  readonly id: string;
  readonly controls: readonly string[];
}

/** A control that a check is held against. */
export interface ControlLink {
  /** `framework/clause`. */
  readonly control: string;
  readonly relation: Relation;
}

/** Checks that by themselves show all that a control asks of a mesh. */
const wholly: Readonly<Record<string, readonly string[]>> = {
  'AUTHZ-001': ['istio-best-practices/default-deny', 'pci-dss-4.0.1/7.3.3'],
  'AUTHZ-003': ['istio-best-practices/safe-patterns'],
  'AUTHZ-021': ['istio-best-practices/path-normalization'],
  'CP-012': ['nist-800-204a/SM-DR13'],
  'CP-014': ['nist-800-204a/SM-DR12'],
  'DR-004': ['istio-best-practices/tls-origination'],
  'EGR-001': ['istio-best-practices/registry-only'],
  'GW-002': ['istio-best-practices/gateway-hosts'],
  'JWT-001': ['istio-best-practices/mandatory-token'],
  'MTLS-001': ['istio-best-practices/strict-mtls', 'nist-800-204a/SM-DR16'],
};

/** Controls that a check shows a part of, beside those that it names and what the crosswalk makes of them. */
const partly: Readonly<Record<string, readonly string[]>> = {
  'AUTHZ-016': ['nist-800-53-r5/AC-24'],
  'AUTHZ-017': ['nist-800-53-r5/AC-24'],
  'AUTHZ-019': ['pci-dss-4.0.1/1.4.3'],
  'CP-003': ['cis-controls-8.1/12.3'],
  'CP-017': ['cis-controls-8.1/4.6'],
  'CP-021': ['cis-controls-8.1/4.6'],
  'EGR-006': ['pci-dss-4.0.1/1.2.6', 'pci-dss-4.0.1/2.2.5'],
  'EGR-010': ['nist-800-204a/SM-DR2'],
  'GW-001': ['pci-dss-4.0.1/1.2.6', 'pci-dss-4.0.1/2.2.5'],
  'GW-005': ['nist-800-53-r5/SC-23(5)'],
  'GW-013': ['nist-800-53-r5/AC-4(4)'],
  'GW-027': ['nist-800-53-r5/SC-23(5)'],
  'ID-001': ['cis-controls-8.1/4.7'],
  'ID-007': ['nist-800-53-r5/AC-6(5)', 'nist-800-53-r5/CM-5'],
  'ID-008': ['nist-800-53-r5/AC-6(5)', 'nist-800-53-r5/CM-5'],
  'ID-011': ['nist-800-53-r5/CM-5'],
  'ID-012': ['nist-800-53-r5/AC-6(5)', 'nist-800-53-r5/CM-5'],
  'TEL-001': ['nist-800-53-r5/SI-4(4)', 'cis-controls-8.1/8.7', 'cis-controls-8.1/13.6'],
  'WL-012': ['nist-800-53-r5/CA-9'],
};

/** FedRAMP takes over controls of SP 800-53, so their checks too. */
const heirs = [['nist-800-53-r5/', 'fedramp-r5/']] as const;

function impliedBy(control: string): readonly string[] {
  const inherited = heirs.flatMap(([from, to]) =>
    control.startsWith(from) ? [to + control.slice(from.length)] : [],
  );
  const own = Object.hasOwn(crosswalk, control) ? (crosswalk[control] ?? []) : [];
  return [...own, ...inherited.filter((heir) => controlOf(heir) !== undefined)];
}

function closure(controls: readonly string[]): ReadonlySet<string> {
  const reached = new Set(controls);
  // A set is walked through to what is added on the way.
  for (const control of reached) for (const implied of impliedBy(control)) reached.add(implied);
  return reached;
}

/**
 * All controls that a check is held against: those it names, those it shows wholly, and those that ask the same; sorted
 * by code unit.
 */
export function controlLinks({ id, controls }: LinkedCheck): readonly ControlLink[] {
  const full = Object.hasOwn(wholly, id) ? (wholly[id] ?? []) : [];
  const more = Object.hasOwn(partly, id) ? (partly[id] ?? []) : [];
  return [...closure([...controls, ...full, ...more])].sort().map((control) => {
    const known = controlOf(control);
    const beyond = known?.framework.beyondManifests ?? {};
    if (known !== undefined && Object.hasOwn(beyond, known.clause)) return { control, relation: 'evidence' };
    return { control, relation: full.includes(control) ? 'full' : 'partial' };
  });
}

/** Every control that a table of this folder names, for the test that all of them exist. */
export function namedControls(): readonly string[] {
  return [
    ...Object.entries(crosswalk).flat(2),
    ...Object.values(wholly).flat(),
    ...Object.values(partly).flat(),
  ];
}

/** Ids of the checks that a table of this folder names. */
export function namedChecks(): readonly string[] {
  return [...Object.keys(wholly), ...Object.keys(partly)];
}
