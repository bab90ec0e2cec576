/** What proves to the API server who asks. */
export interface Credential {
  /** Value of the header `authorization`. */
  readonly authorization?: string;
  /** A client certificate and its key, PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** Where credentials come from, and how new ones are had when the old ones no longer work. */
export interface Credentials {
  /** The credential for the next request. */
  readonly current: (signal?: AbortSignal) => Promise<Credential>;
  /** Told that the API server refused the credential; false when the next one would be the same. */
  readonly renew: () => boolean;
}

/** A credential that never changes. */
export function fixedCredentials(credential: Credential): Credentials {
  return { current: () => Promise.resolve(credential), renew: () => false };
}

/** The credentials of another source, with a certificate of their own unless that source gives one. */
export function withCertificate(
  credentials: Credentials,
  certificate: Credential['certificate'],
): Credentials {
  if (certificate === undefined) return credentials;
  return {
    current: async (signal) => ({ certificate, ...(await credentials.current(signal)) }),
    renew: credentials.renew,
  };
}
