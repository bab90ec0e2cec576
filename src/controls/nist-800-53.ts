import { atRunTime, byPeople } from './beyond-manifests.js';
import type { Framework } from './framework.js';

/** Title, and the letters of the baselines that hold the control: NIST's, then FedRAMP's where they differ. */
type Row = readonly [title: string, baselines: string, fedramp?: string];

/** Source: the OSCAL profiles of SP 800-53B and of FedRAMP rev 5. */
const rows: Readonly<Record<string, Row>> = {
  'AC-2': ['Account management', 'LMH'],
  'AC-3': ['Access enforcement', 'LMH'],
  'AC-4': ['Information flow enforcement', 'MH'],
  'AC-4(4)': ['Flow control of encrypted information', 'H'],
  'AC-4(21)': ['Physical or logical separation of information flows', '', 'MH'],
  'AC-6': ['Least privilege', 'MH'],
  'AC-6(1)': ['Least privilege: access to security functions', 'MH'],
  'AC-6(5)': ['Least privilege: privileged accounts', 'MH'],
  'AC-6(9)': ['Least privilege: log use of privileged functions', 'MH'],
  'AC-6(10)': ['Least privilege: non-privileged users kept from privileged functions', 'MH'],
  'AC-12': ['Session termination', 'MH'],
  'AC-14': ['Permitted actions without identification or authentication', 'LMH'],
  'AC-17': ['Remote access', 'LMH'],
  'AC-17(2)': ['Remote access: protection by encryption', 'MH'],
  'AC-24': ['Access control decisions', ''],
  'AC-25': ['Reference monitor', ''],
  'AU-2': ['Event logging', 'LMH'],
  'AU-3': ['Content of audit records', 'LMH'],
  'AU-3(1)': ['Additional audit information', 'MH'],
  'AU-4': ['Audit log storage capacity', 'LMH'],
  'AU-6': ['Audit record review, analysis and reporting', 'LMH'],
  'AU-8': ['Time stamps', 'LMH'],
  'AU-9': ['Protection of audit information', 'LMH'],
  'AU-10': ['Non-repudiation', 'H'],
  'AU-12': ['Audit record generation', 'LMH'],
  'AU-12(1)': ['System-wide and time-correlated audit trail', 'H'],
  'CA-3': ['Information exchange', 'LMH'],
  'CA-7': ['Continuous monitoring', 'LMH'],
  'CA-9': ['Internal system connections', 'LMH'],
  'CM-2': ['Baseline configuration', 'LMH'],
  'CM-2(2)': ['Baseline configuration: automation for accuracy and currency', 'MH'],
  'CM-3': ['Configuration change control', 'MH'],
  'CM-3(2)': ['Testing, validation and documentation of changes', 'MH'],
  'CM-4': ['Impact analyses', 'LMH'],
  'CM-5': ['Access restrictions for change', 'LMH'],
  'CM-6': ['Configuration settings', 'LMH'],
  'CM-6(1)': ['Automated management, application and verification of settings', 'H', 'MH'],
  'CM-7': ['Least functionality', 'LMH'],
  'CM-7(1)': ['Least functionality: periodic review', 'MH'],
  'CM-7(5)': ['Least functionality: authorised software', 'MH'],
  'CM-8': ['System component inventory', 'LMH'],
  'IA-2': ['Identification and authentication of organizational users', 'LMH'],
  'IA-3': ['Device identification and authentication', 'MH'],
  'IA-3(1)': ['Cryptographic bidirectional authentication of devices', ''],
  'IA-4': ['Identifier management', 'LMH'],
  'IA-5(2)': ['Public key-based authentication', 'MH'],
  'IA-7': ['Cryptographic module authentication', 'LMH'],
  'IA-8': ['Identification and authentication of non-organizational users', 'LMH'],
  'IA-9': ['Service identification and authentication', ''],
  'RA-5': ['Vulnerability monitoring and scanning', 'LMH'],
  'SA-4(9)': ['Functions, ports, protocols and services in use', 'MH'],
  'SA-11(1)': ['Static code analysis', ''],
  'SA-22': ['Unsupported system components', 'LMH'],
  'SC-2': ['Separation of system and user functionality', 'MH'],
  'SC-3': ['Security function isolation', 'H'],
  'SC-4': ['Information in shared system resources', 'MH'],
  'SC-5': ['Denial-of-service protection', 'LMH'],
  'SC-7': ['Boundary protection', 'LMH'],
  'SC-7(3)': ['Boundary protection: access points', 'MH'],
  'SC-7(4)': ['Boundary protection: external telecommunications services', 'MH'],
  'SC-7(5)': ['Boundary protection: deny by default, allow by exception', 'MH'],
  'SC-7(8)': ['Boundary protection: route traffic to authenticated proxy servers', 'MH'],
  'SC-7(10)': ['Boundary protection: prevent exfiltration', '', 'H'],
  'SC-7(11)': ['Boundary protection: restrict incoming communications traffic', ''],
  'SC-7(12)': ['Boundary protection: host-based protection', '', 'MH'],
  'SC-7(17)': ['Boundary protection: automated enforcement of protocol formats', ''],
  'SC-7(18)': ['Boundary protection: fail secure', 'H', 'MH'],
  'SC-7(20)': ['Boundary protection: dynamic isolation and segregation', '', 'H'],
  'SC-7(21)': ['Boundary protection: isolation of system components', 'H'],
  'SC-8': ['Transmission confidentiality and integrity', 'MH', 'LMH'],
  'SC-8(1)': ['Transmission: cryptographic protection', 'MH', 'LMH'],
  'SC-8(2)': ['Transmission: before and after', ''],
  'SC-10': ['Network disconnect', 'MH'],
  'SC-12': ['Cryptographic key establishment and management', 'LMH'],
  'SC-12(3)': ['Asymmetric keys', ''],
  'SC-13': ['Cryptographic protection', 'LMH'],
  'SC-17': ['Public key infrastructure certificates', 'MH'],
  'SC-23': ['Session authenticity', 'MH'],
  'SC-23(3)': ['Unique session identifiers', ''],
  'SC-23(5)': ['Allowed certificate authorities', ''],
  'SC-39': ['Process isolation', 'LMH'],
  'SI-2': ['Flaw remediation', 'LMH'],
  'SI-2(2)': ['Automated flaw remediation status', 'MH'],
  'SI-4': ['System monitoring', 'LMH'],
  'SI-4(2)': ['Automated tools for real-time analysis', 'MH'],
  'SI-4(4)': ['Inbound and outbound communications traffic', 'MH'],
  'SI-4(5)': ['System-generated alerts', 'MH'],
  'SI-4(10)': ['Visibility of encrypted communications', 'H'],
  'SI-4(11)': ['Analysis of traffic anomalies', ''],
  'SI-4(18)': ['Analysis of traffic: covert exfiltration', '', 'H'],
  'SI-4(22)': ['Unauthorised network services', 'H'],
  'SI-7': ['Software, firmware and information integrity', 'MH'],
  'SI-10': ['Information input validation', 'MH'],
  'SI-11': ['Error handling', 'MH'],
};

const beyond: Readonly<Record<string, string>> = {
  'AC-2': byPeople,
  'AU-4': atRunTime,
  'AU-6': byPeople,
  'AU-8': atRunTime,
  'AU-9': atRunTime,
  'CA-7': byPeople,
  'CM-2': byPeople,
  'CM-2(2)': byPeople,
  'CM-3': byPeople,
  'CM-3(2)': byPeople,
  'CM-4': byPeople,
  'CM-6': byPeople,
  'CM-6(1)': byPeople,
  'CM-7(1)': byPeople,
  'CM-8': byPeople,
  'IA-7': atRunTime,
  'RA-5': byPeople,
  'SA-4(9)': byPeople,
  'SA-11(1)': byPeople,
  'SC-4': atRunTime,
  'SC-8(2)': atRunTime,
  'SC-12': atRunTime,
  'SI-2': byPeople,
  'SI-2(2)': byPeople,
  'SI-4': atRunTime,
  'SI-4(2)': atRunTime,
  'SI-4(5)': atRunTime,
  'SI-4(11)': atRunTime,
  'SI-4(18)': atRunTime,
};

const names = { L: 'low', M: 'moderate', H: 'high' } as const;

function baselinesBy(lettersOf: (row: Row) => string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(names).map(([letter, name]) => [
      name,
      Object.keys(rows).filter((clause) => lettersOf(rows[clause] ?? ['', '']).includes(letter)),
    ]),
  );
}

function titlesOf(clauses: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(clauses.map((clause) => [clause, rows[clause]?.[0] ?? '']));
}

/** NIST SP 800-53, with the baselines of SP 800-53B; several controls that bear on a mesh are in none of them. */
export const nist80053: Framework = {
  id: 'nist-800-53-r5',
  title: 'NIST SP 800-53',
  version: 'Revision 5',
  url: 'https://doi.org/10.6028/NIST.SP.800-53r5',
  clauses: titlesOf(Object.keys(rows)),
  beyondManifests: beyond,
  baselines: baselinesBy(([, nist]) => nist),
};

const fedrampLetters = ([, nist, fedramp]: Row): string => fedramp ?? nist;
const fedrampClauses = Object.keys(rows).filter((clause) => fedrampLetters(rows[clause] ?? ['', '']) !== '');

/** FedRAMP: controls of SP 800-53 in baselines of its own. */
export const fedramp: Framework = {
  id: 'fedramp-r5',
  title: 'FedRAMP',
  version: 'Revision 5',
  url: 'https://www.fedramp.gov/',
  clauses: titlesOf(fedrampClauses),
  beyondManifests: Object.fromEntries(
    Object.entries(beyond).filter(([clause]) => fedrampClauses.includes(clause)),
  ),
  baselines: baselinesBy(fedrampLetters),
};
