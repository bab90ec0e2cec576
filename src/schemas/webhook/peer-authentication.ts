import { objectAt } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { selectorAnswer } from './selection.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

function portErrors(port: string): readonly Invalidity[] {
  // protobuf reads the key as a JSON number of 32 bits, in quotes or not: "080", "1.0" and "-1" do not decode.
  const path = ['spec', 'portLevelMtls', port];
  const text = port.replace(/^"(.*)"$/s, '$1');
  if (!/^[ \t\r\n]*(0|[1-9][0-9]*)[ \t\r\n]*$/.test(text)) return [complaint(path, `"${port}" is not a port number`)];
  const number = Number(text);
  return number >= 1 && number <= 65535 ? [] : [complaint(path, `port ${port} is not in 1..65535`)];
}

/** The webhook's rules of PeerAuthentication. Source: validation.go, ValidatePeerAuthentication. */
export function peerAuthentication({ spec }: WebhookInput): WebhookAnswer {
  const selector = objectAt(spec, 'selector');
  const ports = objectAt(spec, 'portLevelMtls');
  const selectsAll = Object.keys(objectAt(selector, 'matchLabels') ?? {}).length === 0;
  const names = Object.keys(ports ?? {});
  const selected = selectorAnswer(selector, ['spec', 'selector']);
  const at = ['spec', 'portLevelMtls'];
  const errors = [
    ...(selectsAll && names.length > 0
      ? [complaint(at, 'portLevelMtls needs a selector with labels: a policy for a mesh or namespace cannot have it')]
      : []),
    ...(ports && names.length === 0 ? [complaint(at, 'portLevelMtls, if given, must have at least one port')] : []),
    ...names.flatMap(portErrors),
    ...selected.errors,
  ];
  return { errors, warnings: selected.warnings };
}
