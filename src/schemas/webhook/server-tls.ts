import type { FieldPath } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { complaint } from './webhook.js';

const notWithIstioMutual = [
  'serverCertificate',
  'privateKey',
  'caCertificates',
  'tlsCertificates',
  'credentialName',
  'credentialNames',
] as const;

function has(value: JsonValue, name: string): boolean {
  return listAt(value, name).length > 0 || (stringAt(value, name) ?? '') !== '';
}

/** The TLS mode of a server; PASSTHROUGH when none is given. */
export function serverTlsMode(tls: JsonObject): string {
  return stringAt(tls, 'mode') ?? 'PASSTHROUGH';
}

function sourceErrors(tls: JsonObject, path: FieldPath): readonly Invalidity[] {
  const sources = [
    has(tls, 'serverCertificate') && has(tls, 'privateKey'),
    has(tls, 'credentialName'),
    has(tls, 'credentialNames'),
    has(tls, 'tlsCertificates'),
  ];
  if (sources.filter(Boolean).length < 2) return [];
  return [complaint(path, 'give only one of credentialName, credentialNames, serverCertificate with privateKey, tlsCertificates')];
}

function certificateErrors(tls: JsonObject, mode: string, path: FieldPath): readonly Invalidity[] {
  const mutual = mode !== 'SIMPLE';
  const listed = listAt(tls, 'tlsCertificates');
  const certificates = listed.length > 0 ? listed : [tls];
  return [
    ...(mutual && !has(tls, 'caCertificates')
      ? [complaint([...path, 'caCertificates'], `mode ${mode} needs the CA of the clients`)]
      : []),
    ...certificates.flatMap((certificate, index) => {
      const at = listed.length > 0 ? [...path, 'tlsCertificates', index] : path;
      const missing = ['serverCertificate', 'privateKey'].filter((name) => !has(certificate, name));
      return missing.map((name) => complaint([...at, name], `mode ${mode} needs a ${name} or a credentialName`));
    }),
  ];
}

function revocationErrors(tls: JsonObject, mode: string, path: FieldPath): readonly Invalidity[] {
  if (!has(tls, 'caCrl') || (mode !== 'SIMPLE' && !has(tls, 'credentialName'))) return [];
  return [complaint([...path, 'caCrl'], 'a revocation list is not supported with mode SIMPLE or a credentialName')];
}

/** Faults of a server's TLS settings, which stand at `path`. Source: validation.go, validateTLSOptions. */
export function serverTlsErrors(tls: JsonObject, path: FieldPath): readonly Invalidity[] {
  const mode = serverTlsMode(tls);
  if (mode === 'ISTIO_MUTUAL') {
    const used = notWithIstioMutual.filter((name) => has(tls, name));
    return used.map((name) => complaint([...path, name], `mode ISTIO_MUTUAL cannot have ${name}`));
  }
  const sources = sourceErrors(tls, path);
  const terminates = mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
  if (terminates && (has(tls, 'credentialName') || has(tls, 'credentialNames'))) return sources;
  return [
    ...sources,
    ...(terminates ? certificateErrors(tls, mode, path) : []),
    ...revocationErrors(tls, mode, path),
  ];
}
