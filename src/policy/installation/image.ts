/** The parts of an image reference. */
export interface ImageReference {
  /** Registry and folders: `docker.io/istio`; empty for a bare name. */
  readonly hub: string;
  /** Last part of the repository: `proxyv2`. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Splits an image reference (distribution/reference, grammar.go); any text gives an answer. */
export function parseImage(text: string): ImageReference {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const end = colon < 0 ? named.length : colon;
  return {
    hub: slash < 0 ? '' : named.slice(0, slash),
    name: named.slice(slash + 1, end),
    tag: colon < 0 ? undefined : named.slice(colon + 1),
    digest,
  };
}
