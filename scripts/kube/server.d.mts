export interface StartOptions {
  readonly folder: string;
  readonly clientCa?: string;
  readonly flags?: readonly string[];
}

export interface StartedServer {
  readonly url: string;
  readonly port: number;
  readonly storePort: number;
  readonly folder: string;
  readonly adminToken: string;
  readonly accountKey: string;
  readonly pids: readonly number[];
  readonly ca: string;
  readonly stop: () => Promise<unknown>;
}

export function startServer(options: StartOptions): Promise<StartedServer>;
