export interface Sent {
  readonly status: number;
  readonly json: { readonly message?: string; readonly status?: Readonly<Record<string, unknown>> };
}

export interface AdminClient {
  readonly send: (method: string, path: string, body?: object, type?: string) => Promise<Sent>;
  readonly close: () => void;
}

export function adminOf(server: {
  readonly port: number;
  readonly ca: string;
  readonly adminToken: string;
}): AdminClient;
