import type { JsonObject } from '#documents/json.js';
import type { Address } from './address.js';

/** True, false, or undefined: the input does not say. */
export type Truth = boolean | undefined;

/** The HTTP side of a request as the proxy's filters see it. */
export interface HttpFacts {
  readonly method: string;
  readonly host: string;
  /** Normalized, without query and fragment. */
  readonly path: string;
  /** The lines of a header, by its name in lower case; undefined when it is not there. */
  readonly headerLines: (name: string) => readonly string[] | undefined;
  /** Claims of the verified token, space-delimited ones split; undefined without one. */
  readonly claims: JsonObject | undefined;
}

/** What rules are asked about: one connection, and the request in it where the proxy reads HTTP. */
export interface Facts {
  /** URI name of the verified client certificate. */
  readonly identity: string | undefined;
  /** Its other names, where certificates are not the mesh's own: each is compared as the URI name is. */
  readonly otherNames?: readonly string[] | undefined;
  /** In lower case; empty without one. */
  readonly sni: string;
  readonly port: number;
  /** Undefined: not known. */
  readonly directIp: Address | undefined;
  readonly remoteIp: Address | undefined;
  readonly destinationIp: Address | undefined;
  readonly http: HttpFacts | undefined;
  /** False when no filter of the proxy notes anything; undefined when one may. */
  readonly hasMetadata: false | undefined;
}
