/** Kubernetes' rules for names. Source: k8s.io/apimachinery pkg/util/validation/validation.go. */

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualified = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** True for an RFC 1123 label: lower case letters, digits and `-`, at most 63. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && label.test(text);
}

/** True for an RFC 1123 subdomain: labels of any length joined by dots, at most 253 characters. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => label.test(part));
}

/** True for a label value: empty, or up to 63 letters, digits, `-`, `_`, `.`, alphanumeric at both ends. */
export function isLabelValue(text: string): boolean {
  return text === '' || (text.length <= 63 && qualified.test(text));
}

/** True for a qualified name: `name` or `prefix/name`, the prefix a subdomain, the name like a label value. */
export function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  if (parts.length > 2) return false;
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix !== undefined && !isDnsSubdomain(prefix)) return false;
  return name.length <= 63 && qualified.test(name);
}
