import type { Mesh } from '#mesh/mesh.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { normalizePath } from '#policy/request/normalize-path.js';
import { everyPathSettings, pathSettingsOf } from '#policy/request/path-settings.js';
import type { PathSettings } from '#policy/request/normalize-path.js';
import { isPathTemplate } from '#policy/rule/pattern.js';
import type { RuleField } from './written-rule.js';

/** What is compared literally: the value without the one star that is a wildcard. */
function literalPart(value: string): string {
  if (value.startsWith('*')) return value.slice(1);
  return value.endsWith('*') ? value.slice(0, -1) : value;
}

const starInside = 'a star is a wildcard at one end of the value only, elsewhere it stands for itself';

function deadPrincipal(value: string): string | undefined {
  if (value.includes('://')) return 'principals are written without spiffe://';
  if (literalPart(value).includes('*')) return starInside;
  if (/\s/.test(value)) return 'names of accounts have no blank';
  return value.includes('*') || value.includes('/')
    ? undefined
    : 'a principal has the form <trust domain>/ns/<namespace>/sa/<service account>';
}

function deadNamespace(value: string): string | undefined {
  if (/[\s,]/.test(value)) return 'a value is one namespace, without blanks';
  return /[A-Z]/.test(value) ? 'names of namespaces are in lower case' : undefined;
}

/** Methods are compared with regard to case, and Envoy's codec refuses those in small letters. */
function deadMethod(value: string): string | undefined {
  const text = literalPart(value);
  if (/[\s,|]/.test(text)) return 'a value is one method, without blanks';
  if (text.includes('*')) return starInside;
  return /[a-z]/.test(text) ? 'methods are compared in capitals' : undefined;
}

function deadHost(value: string): string | undefined {
  if (value.includes('://')) return 'the Host header has no scheme';
  if (value.includes('/')) return 'the Host header has no path';
  if (/[\s,]/.test(value)) return 'a value is one host, without blanks';
  return literalPart(value).includes('*') ? starInside : undefined;
}

/** The path that a value stands for, and whether the proxy would hand that path to its filters as it is. */
function isNormal(value: string, settings: PathSettings): boolean {
  if (value.startsWith('*'))
    return normalizePath(`/x${value.slice(1)}`, settings)?.endsWith(value.slice(1)) === true;
  if (!value.endsWith('*')) return normalizePath(value, settings) === value;
  const start = value.slice(0, -1);
  return normalizePath(`${start}x`, settings)?.startsWith(start) === true;
}

const expression = /\/\.\*|\.\+|\(\?|\(\.|\[\^|\[0-9|\[a-z|\\[dws./]|^\^/;

function deadPath(value: string, settings: readonly PathSettings[]): string | undefined {
  if (value === '*' || value === '') return undefined;
  if (expression.test(value)) return 'paths are no regular expressions';
  if (!/^[/*]/.test(value)) return 'a path begins with a slash';
  if (isPathTemplate(value)) return undefined;
  if (/[?#]/.test(value)) return 'query and fragment are not part of the path';
  if (literalPart(value).includes('*')) return starInside;
  return settings.some((one) => isNormal(value, one))
    ? undefined
    : 'the proxy brings paths into another form before it compares them';
}

/** How paths may come to policies: as the mesh configuration says, in any of the ways where it is not known. */
const settingsOf = perMesh((mesh: Mesh): readonly PathSettings[] =>
  mesh.settings.known ? [pathSettingsOf(mesh, { annotations: {} })] : everyPathSettings,
);

/**
 * Why a value of an AuthorizationPolicy's field equals nothing that a request can bring, so that the field is as if the
 * value were not there; undefined when it may match. Which forms are compared how: pilot/pkg/security/authz/matcher,
 * pilot/pkg/security/authz/model/generator.go; how paths are prepared: normalizePath.
 */
export function deadValue(mesh: Mesh, { name }: Pick<RuleField, 'name'>, value: string): string | undefined {
  switch (name) {
    case 'principals':
    case 'source.principal':
      return deadPrincipal(value);
    case 'namespaces':
    case 'source.namespace':
      return deadNamespace(value);
    case 'methods':
      return deadMethod(value);
    case 'hosts':
      return deadHost(value);
    case 'paths':
      return deadPath(value, settingsOf(mesh));
    case 'ports':
    case 'destination.port':
      return value === '0' ? 'no connection has port 0' : undefined;
    default:
      return undefined;
  }
}
