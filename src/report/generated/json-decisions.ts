// Generated from schemas/decisions.json by scripts/generate/report-schema.mjs; do not edit.

export type PortNumber = number;

/** Something that the input does not hold. */
export interface Evidence {
  readonly key: string;
  readonly text: string;
}

/** A place in a file; lines and columns count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface Environment {
  /** Empty when the input holds one environment. */
  readonly name: string;
  /** `complete`: what the input does not hold does not exist. `partial`: it may live elsewhere. */
  readonly scope: 'partial' | 'complete';
  /** What was assumed for want of evidence. */
  readonly assumptions: readonly Evidence[];
}

export interface Problem {
  readonly code: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly hint?: string;
  /** True when the answers cannot be trusted because of it (exit code 2). */
  readonly fatal: boolean;
}

/** Who connects. */
export interface Client {
  /** `mesh`: with a certificate of a mesh; `foreign-tls`: TLS of its own. */
  readonly kind: 'mesh' | 'plaintext' | 'foreign-tls';
  readonly namespace?: string;
  readonly serviceAccount?: string;
  /** Absent: the mesh's own. */
  readonly trustDomain?: string;
  /** URI and DNS names in the certificate of a client with TLS of its own. */
  readonly certificate?: readonly string[];
}

/** A header with what stands before the token in it, a query parameter, or a cookie. */
export interface TokenPlace {
  readonly header?: string;
  readonly prefix?: string;
  readonly param?: string;
  readonly cookie?: string;
}

export interface Token {
  readonly issuer: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What keeps it from being a good one. */
  readonly problem?: 'expired' | 'not-yet-valid' | 'wrong-key' | 'wrong-audience' | 'malformed';
  readonly keyId?: string;
  readonly place: TokenPlace;
}

export interface HttpRequest {
  readonly method: string;
  /** Path with its query, as the client writes it. */
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Port of a workload's pods. */
export interface Target {
  readonly namespace: string;
  /** `Kind/name`. */
  readonly workload: string;
  readonly port: PortNumber;
}

/** The request as it was decided, defaults filled in. Without `http`: bytes that are not HTTP. */
export interface Request {
  readonly id?: string;
  readonly from: Client;
  /** Source address as the first proxy sees it. */
  readonly ip?: string;
  /** Source address in a PROXY protocol header. */
  readonly proxyProtocol?: string;
  readonly to: Target;
  readonly sni?: string;
  readonly http?: HttpRequest;
  readonly tokens: readonly Token[];
}

export interface Rule {
  /** `namespace/name`. */
  readonly policy: string;
  /** From 0; ztunnel names no rule. */
  readonly rule?: number;
  readonly location?: Location;
}

export interface Step {
  /** Who takes the step: `client`, `gateway`, `waypoint` or `workload`, and its name. */
  readonly proxy: string;
  /** `connection` and `route` are a gateway's; `waypoint` is the choice of the way. */
  readonly stage:
    'connection' | 'transport' | 'waypoint' | 'custom' | 'jwt' | 'deny' | 'allow' | 'default' | 'route';
  readonly outcome: 'passed' | 'denied' | 'unknown';
  readonly note: string;
  /** `Kind namespace/name` of what decided; absent for Istio's own defaults. */
  readonly resource?: string;
  readonly location?: Location;
}

/** One decision; with `--format jsonl` each line is one. */
export interface Decision {
  /** Which of the requests that were asked, from 0; several decisions where several workloads or environments may receive one. */
  readonly index: number;
  /** Of the request, where it has one. */
  readonly id?: string;
  /** Empty when the input holds one. */
  readonly environment: string;
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** Where it was denied; an external authorizer's no counts as authorization, `route`: nothing leads on to the target. */
  readonly stage?: 'transport' | 'jwt' | 'authorization' | 'route';
  readonly by?: Rule;
  /** `namespace/name:port` of the Service that was dialled. */
  readonly service?: string;
  /** Pods and port of the gateway that it came in by, `namespace/Kind/name:port`. */
  readonly gateway?: string;
  /** How the caller connects, where that was worked out. */
  readonly connection?: string;
  /** Why it could not be asked at all. */
  readonly problem?: string;
  readonly request?: Request;
  /** The steps on the way, in order. */
  readonly chain: readonly Step[];
  /** For an unknown verdict: what the input would have to hold. */
  readonly missing: readonly Evidence[];
}

/** Decisions on requests, as `meshaudit can --format json` writes them; a line of `--format jsonl` is a `Decision`. `schemaVersion` changes when a field is removed or changes its meaning; new fields may come at any time. */
export interface JsonDecisions {
  readonly schemaVersion: 1;
  /** Program that wrote it. */
  readonly tool: {
    readonly name: 'meshaudit';
    readonly version: string;
  };
  readonly environments: readonly Environment[];
  /** What could not be read. */
  readonly problems: readonly Problem[];
  /** In the order asked. */
  readonly decisions: readonly Decision[];
}
