import type { Location } from '#documents/document.js';

/** Half a surrogate pair: no URI can carry it. */
const loneSurrogate = /\p{Cs}/gu;

/**
 * A file as SARIF wants it: percent-encoded and relative to the directory the audit ran in, so that code scanning finds
 * it in the checkout. Absolute paths (another drive) stay absolute.
 */
export function artifactLocation(file: string): { readonly uri: string; readonly uriBaseId?: string } {
  const name = file.replace(/^<stdin>/, 'stdin').replace(loneSurrogate, '\ufffd');
  const path = name.split('/').map(encodeURIComponent).join('/');
  if (name.startsWith('/')) return { uri: `file://${path}` };
  if (/^[A-Za-z]:\//.test(name)) return { uri: `file:///${path.replace('%3A', ':')}` };
  return { uri: path, uriBaseId: '%SRCROOT%' };
}

/** A place in a file: columns in UTF-16 code units, the end left out where it is not known. */
export function physicalLocation({ file, line, column, endLine, endColumn }: Location) {
  const known = endLine !== undefined && endColumn !== undefined;
  const forward = known && (endLine > line || (endLine === line && endColumn >= column));
  return {
    artifactLocation: artifactLocation(file),
    region: { startLine: line, startColumn: column, ...(forward ? { endLine, endColumn } : {}) },
  };
}
