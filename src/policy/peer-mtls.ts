import type { FieldRef } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { known, unknown } from './decision.js';
import type { Decision, Known, Unknown } from './decision.js';
import { usesAmbient } from './enrolment-ambient.js';
import { interceptionOf } from './interception.js';
import { peerAuthenticationsOf } from './peer-authentications.js';
import type { PeerAuthentications } from './peer-authentications.js';
import { ambientMode } from './peer-mtls-ambient.js';
import { sidecarMode } from './peer-mtls-sidecar.js';
import type { Enrolment, MtlsMode } from './policies.js';
import { ingressListeners } from './sidecar-scope.js';

/** Peer mTLS modes of one workload, by pod port. */
export type PeerMtls = (port: number | '*') => Decision<MtlsMode>;

interface Question {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly enrolment: Decision<Enrolment>;
  readonly policies: PeerAuthentications;
}

function withNote<T>(decision: Decision<T>, at: FieldRef, note: string): Decision<T> {
  return { ...decision, considered: [...decision.considered, { at, note }] };
}

const self = ({ workload }: Question): FieldRef => ({ resource: workload.resource, path: workload.podPath });

/** A workload at which PeerAuthentication is not what decides. */
function fixed(
  question: Question,
  enrolled: Known<Enrolment>,
  mode: MtlsMode,
  note: string,
): Decision<MtlsMode> {
  return known(mode, enrolled.decidedBy, [{ at: self(question), note }]);
}

/**
 * A proxy that nothing is redirected to enforces only on the listeners that a Sidecar opens
 * (buildInboundChainConfigs in pilot/pkg/networking/core/listener_inbound.go).
 */
function uncaptured(
  { mesh, workload, enrolment, policies }: Question,
  port: number | '*',
): Decision<MtlsMode> {
  const decision = sidecarMode(mesh, policies, port);
  const listener = ingressListeners(mesh, workload, enrolment).find((one) => one.port === port);
  // Its own TLS counts in the place of plaintext only (buildInboundFilterChains); who is let in is not a mode of Istio's.
  if (listener?.ownTls === true && decision.known && decision.value === 'DISABLE')
    return unknown([
      {
        key: 'sidecar-ingress-tls',
        text: `which clients the tls of Sidecar ${listener.resource.name} lets in`,
      },
    ]);
  const { mode, at } = interceptionOf(mesh, workload);
  if (mode !== 'NONE' || at === undefined) return decision;
  if (listener !== undefined)
    return withNote(decision, at, 'interception is off; a Sidecar ingress listener serves this port');
  return known('DISABLE', at, [
    { at, note: 'interception is off and no Sidecar ingress listener serves this port' },
  ]);
}

/**
 * gRPC without Envoy knows no PERMISSIVE: pods whose clients are told to use mTLS require it, others take plaintext
 * (buildInboundFilterChains in pilot/pkg/networking/grpcgen/lds.go).
 */
function proxyless(question: Question, port: number | '*'): Decision<MtlsMode> {
  const { mesh, workload, policies } = question;
  const decision = sidecarMode(mesh, policies, port);
  if (!decision.known || decision.value !== 'PERMISSIVE') return decision;
  const told = (workload.labels['security.istio.io/tlsMode'] ?? 'istio') === 'istio';
  const note =
    'PERMISSIVE does not exist without Envoy: it means STRICT for pods labelled security.istio.io/tlsMode=istio';
  return withNote({ ...decision, value: told ? 'STRICT' : 'DISABLE' }, self(question), note);
}

/** Enrolment unknown: the mode a proxy would enforce, if sidecar and ztunnel would enforce the same. */
function presumed(question: Question, enrolment: Unknown, port: number | '*'): Decision<MtlsMode> {
  const { mesh, policies } = question;
  const sidecar = uncaptured(question, port);
  if (!usesAmbient(mesh))
    return withNote(sidecar, self(question), 'if the workload has a sidecar: its enrolment is not known');
  const ambient = ambientMode(mesh, policies, { namespace: question.workload.namespace, port });
  const agree = sidecar.known && ambient.known && sidecar.value === ambient.value;
  const missing = sidecar.known ? enrolment.missing : [...enrolment.missing, ...sidecar.missing];
  return agree ? sidecar : unknown(missing, sidecar.considered);
}

function modeOf(question: Question, port: number | '*'): Decision<MtlsMode> {
  const { mesh, enrolment, policies } = question;
  if (!enrolment.known) return presumed(question, enrolment, port);
  switch (enrolment.value.dataPlane) {
    case 'sidecar':
      return uncaptured(question, port);
    case 'ambient':
      return ambientMode(mesh, policies, { namespace: question.workload.namespace, port });
    case 'proxyless':
      return proxyless(question, port);
    case 'gateway':
      return fixed(
        question,
        enrolment,
        'DISABLE',
        'PeerAuthentication does not apply to gateways: the servers have their own TLS',
      );
    case 'waypoint':
      return fixed(
        question,
        enrolment,
        'STRICT',
        'a waypoint is reached through mutual TLS only, whatever PeerAuthentication says',
      );
    case 'ztunnel':
      return fixed(question, enrolment, 'DISABLE', 'PeerAuthentication does not apply to ztunnel itself');
    case 'none':
      return fixed(question, enrolment, 'DISABLE', 'no proxy: nothing terminates mutual TLS');
  }
}

/**
 * The effective peer mTLS mode of a workload's ports (`'*'`: every port that no policy names), as the data plane that
 * the workload is enrolled in enforces it. DISABLE also stands for "nothing enforces mTLS here" (no proxy, gateway);
 * where enrolment is unknown, a proxy is presumed and `considered` says so. Ports that traffic capture leaves out are
 * not looked at.
 */
export function peerMtlsOf(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): PeerMtls {
  const question: Question = {
    mesh,
    workload,
    enrolment,
    policies: peerAuthenticationsOf(mesh, workload, enrolment),
  };
  return (port) => modeOf(question, port);
}
