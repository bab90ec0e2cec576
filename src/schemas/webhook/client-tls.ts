import type { FieldPath } from '#documents/document.js';
import { listAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { complaint } from './webhook.js';

const configMap = 'configmap://';

function has(tls: JsonObject, ...names: readonly string[]): boolean {
  return names.some((name) => listAt(tls, name).length > 0 || (stringAt(tls, name) ?? '') !== '');
}

/** A credential in a ConfigMap is named `configmap://namespace/name`, in the namespace of the rule. */
function credentialErrors(credential: string, namespace: string, path: FieldPath): readonly Invalidity[] {
  if (!credential.startsWith(configMap)) return [];
  const [own, name] = credential.slice(configMap.length).split('/');
  const valid = own === namespace && name !== undefined && name !== '';
  return valid ? [] : [complaint([...path, 'credentialName'], `must be ${configMap}${namespace}/<name>`)];
}

function skipErrors(tls: JsonObject, mode: string, path: FieldPath): readonly Invalidity[] {
  if (valueAt(tls, ['insecureSkipVerify']) !== true) return [];
  const simple = mode === 'SIMPLE' && has(tls, 'caCertificates', 'credentialName', 'subjectAltNames');
  const mutual = mode === 'MUTUAL' && has(tls, 'caCertificates', 'subjectAltNames');
  if (!simple && !mutual) return [];
  return [complaint([...path, 'insecureSkipVerify'], 'nothing to verify with can be given when insecureSkipVerify is set')];
}

/** Faults of client TLS settings, which stand at `path`. Source: pkg/config/validation/agent, ValidateTLS. */
export function clientTlsErrors(tls: JsonObject | undefined, namespace: string, path: FieldPath): readonly Invalidity[] {
  if (!tls) return [];
  const mode = stringAt(tls, 'mode') ?? 'DISABLE';
  const credential = stringAt(tls, 'credentialName') ?? '';
  const early = [...credentialErrors(credential, namespace, path), ...skipErrors(tls, mode, path)];
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credential !== '') {
    const doubled = has(tls, 'clientCertificate', 'caCertificates', 'privateKey', 'caCrl');
    return doubled ? [...early, complaint([...path, 'credentialName'], 'credentialName excludes certificate files')] : early;
  }
  const missing = mode === 'MUTUAL' ? ['clientCertificate', 'privateKey'].filter((name) => !has(tls, name)) : [];
  return [...early, ...missing.map((name) => complaint([...path, name], `mode MUTUAL needs a ${name}`))];
}
