import { atRunTime, byPeople } from './beyond-manifests.js';
import type { Framework } from './framework.js';

/** NIST publications on micro-services, service meshes and zero trust. */
export const nistMesh: readonly Framework[] = [
  {
    id: 'nist-800-204',
    title: 'NIST SP 800-204, Security Strategies for Microservices-based Application Systems',
    version: '2019',
    url: 'https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-204.pdf',
    clauses: {
      'MS-SS-1': 'Tokens signed, verified and short-lived',
      'MS-SS-4': 'Mutually authenticated, encrypted connections between services',
      'MS-SS-8': 'Replays detected where much is at stake',
      'MS-SS-10': 'Internal tokens and session tokens kept apart',
    },
    beyondManifests: { 'MS-SS-8': atRunTime },
  },
  {
    id: 'nist-800-204a',
    title:
      'NIST SP 800-204A, Building Secure Microservices-based Applications Using Service-Mesh Architecture',
    version: '2020',
    url: 'https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-204A.pdf',
    clauses: {
      'SM-DR1': 'Proxies accept configured protocols and ports only',
      'SM-DR2': 'Proxies reach the services they need only',
      'SM-DR6': 'Proxies talk to each other over mutual TLS only',
      'SM-DR8': 'External access off by default',
      'SM-DR11': 'Each service has an identity of its own',
      'SM-DR12': "The mesh's certificate authority is part of the enterprise's PKI",
      'SM-DR13': 'Certificates of identities live for hours',
      'SM-DR15': 'Certificates of identities cannot sign',
      'SM-DR16': 'An authentication policy for calls between services exists',
      'SM-DR18': 'Identities of services are consistent',
    },
    beyondManifests: { 'SM-DR15': 'decided by the profile of the certificate authority, at run time' },
  },
  {
    id: 'nist-800-204b',
    title:
      'NIST SP 800-204B, Attribute-based Access Control for Microservices-based Applications Using a Service Mesh',
    version: '2021',
    url: 'https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-204B.pdf',
    clauses: {
      'AHLC-SR-1': 'Containers do not run as root',
      'AHLC-SR-4': 'Privilege escalation prevented',
      'SAUZ-SR-1': 'Calls between services authorised on identity, denied by default',
      'APE-SR-3': 'Default policy refuses unauthenticated requests and other namespaces',
      'EAUN-SR-1': 'End user authenticated on every request',
      'EAUZ-SR-3': 'End user authorised at every hop',
    },
  },
  {
    id: 'nist-800-207a',
    title:
      'NIST SP 800-207A, A Zero Trust Architecture Model for Access Control in Cloud-Native Applications',
    version: '2023',
    url: 'https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-207A.pdf',
    clauses: {
      'ID-SEG-REC-1': 'Every connection between services encrypted',
      'ID-SEG-REC-2': 'Every service shows a short-lived, verifiable identity',
      'ID-SEG-REC-3': 'Calls between services authorised on runtime identity',
      'ID-SEG-REC-4': 'End users authenticated, token checked at every hop',
      'ID-SEG-REC-5': 'End user authorised on each request',
      'MON-CNA-REQ-1': 'Monitoring covers all resources, unmanaged ones too',
      'MON-CNA-REQ-2': 'Monitoring covers applications, control plane and proxies',
      'MON-CNA-REQ-3': 'User requests and the calls they trigger can be traced',
      'MON-CNA-REQ-4': 'Changes of directory data are monitored',
      'MON-DATA-USE-1': 'Access decisions use permissions and the context of the request',
      'MON-DATA-USE-2': 'Telemetry is used to improve policies',
    },
    beyondManifests: {
      'MON-CNA-REQ-4': 'about the directory of users, not about the mesh',
      'MON-DATA-USE-2': byPeople,
    },
  },
];
