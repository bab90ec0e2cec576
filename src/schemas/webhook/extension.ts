import type { FieldPath } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { parseGoRequestUri, parseGoUrl } from '#schemas/go-url.js';
import type { Invalidity } from '#schemas/validation.js';
import { isPort } from './host-names.js';
import { selectionAnswer } from './selection.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

const schemes = new Set(['', 'file', 'http', 'https', 'oci']);

/** Source: validation.go, strictParseURL: an address without scheme is read as one of http. */
function urlProblem(address: string): string | undefined {
  if (address === '') return 'a Wasm module needs a url';
  const direct = parseGoRequestUri(address);
  const read = direct ? address : `http://${address}`;
  const url = direct ?? parseGoRequestUri(read);
  if (!url || !parseGoUrl(read)) return `"${address}" is not a URL`;
  return schemes.has(url.scheme) ? undefined : `the scheme of "${address}" is not supported`;
}

function textAt(value: JsonValue | undefined, name: string): string {
  return stringAt(value, name) ?? '';
}

function digestProblem(digest: string): string | undefined {
  return digest === '' || /^[a-f0-9]{64}$/.test(digest) ? undefined : 'sha256 must be 64 hexadecimal digits in lower case';
}

function lengthProblem(text: string, most: number): string | undefined {
  return Buffer.byteLength(text) > most ? `must have at most ${String(most)} characters` : undefined;
}

/** The first fault of a list of environment variables, as Istio reports it. */
function environmentErrors(variables: readonly JsonValue[], path: FieldPath): readonly Invalidity[] {
  const names = new Set<string>();
  for (const [index, variable] of variables.entries()) {
    const name = textAt(variable, 'name');
    const at = [...path, index];
    if (name === '') return [complaint([...at, 'name'], 'an environment variable must have a name')];
    if (Buffer.byteLength(name) > 256) return [complaint([...at, 'name'], 'a name has at most 256 characters')];
    if (names.has(name)) return [complaint([...at, 'name'], `the environment variable ${name} is given twice`)];
    names.add(name);
    const from = stringAt(variable, 'valueFrom') ?? 'INLINE';
    if (from !== 'INLINE' && textAt(variable, 'value') !== '') {
      return [complaint([...at, 'value'], 'a value can only be given when valueFrom is INLINE')];
    }
  }
  return [];
}

function wasmErrors(wasm: JsonObject, path: FieldPath): readonly Invalidity[] {
  const problems: readonly (readonly [string, string | undefined])[] = [
    ['url', urlProblem(textAt(wasm, 'url'))],
    ['sha256', digestProblem(textAt(wasm, 'sha256'))],
    ['imagePullSecret', lengthProblem(textAt(wasm, 'imagePullSecret'), 253)],
    ['pluginName', lengthProblem(textAt(wasm, 'pluginName'), 256)],
  ];
  return [
    ...problems.flatMap(([name, problem]) => (problem === undefined ? [] : [complaint([...path, name], problem)])),
    ...environmentErrors(listAt(wasm, 'vmConfig', 'env'), [...path, 'vmConfig', 'env']),
  ];
}

function matchErrors(spec: JsonObject): readonly Invalidity[] {
  for (const [index, selector] of listAt(spec, 'match').entries()) {
    for (const [place, port] of listAt(selector, 'ports').entries()) {
      const number = valueAt(port, ['number']) ?? 0;
      if (typeof number === 'number' && isPort(number)) continue;
      const path = ['spec', 'match', index, 'ports', place, 'number'];
      return [complaint(path, 'a port must be in 1..65535')];
    }
  }
  return [];
}

/** The webhook's rules of WasmPlugin. Source: validation.go, ValidateWasmPlugin. */
export function wasmPlugin({ spec }: WebhookInput): WebhookAnswer {
  const selection = selectionAnswer(spec);
  return {
    errors: [...selection.errors, ...wasmErrors(spec, ['spec']), ...matchErrors(spec)],
    warnings: selection.warnings,
  };
}

const longestLua = 65_536;

function luaErrors(lua: JsonObject): readonly Invalidity[] {
  const path = ['spec', 'lua', 'inlineCode'];
  const code = textAt(lua, 'inlineCode');
  if (code === '') return [complaint(path, 'inlineCode must not be empty')];
  return Buffer.byteLength(code) > longestLua ? [complaint(path, 'inlineCode has at most 64 KiB')] : [];
}

/** The webhook's rules of TrafficExtension. Source: validation.go, ValidateTrafficExtension. */
export function trafficExtension({ spec }: WebhookInput): WebhookAnswer {
  const selection = selectionAnswer(spec);
  const lua = objectAt(spec, 'lua');
  // Both are members of one oneof: of two, protobuf keeps the one that is declared last.
  const wasm = lua ? undefined : objectAt(spec, 'wasm');
  return {
    errors: [
      ...(wasm ?? lua ? [] : [complaint(['spec'], 'exactly one of wasm or lua must be set')]),
      ...selection.errors,
      ...(lua ? luaErrors(lua) : []),
      ...(wasm ? wasmErrors(wasm, ['spec', 'wasm']) : []),
      ...matchErrors(spec),
    ],
    warnings: selection.warnings,
  };
}
