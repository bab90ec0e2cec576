// An exec plugin for tests: each run gives another token, and notes what it was told.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const file = process.env.TOKEN_FILE;
const run = Number(readFileSync(file, 'utf8')) + 1;
writeFileSync(file, String(run));
writeFileSync(`${file}.info`, process.env.KUBERNETES_EXEC_INFO);
const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const status = {
  token: `token-${run}`,
  ...(process.env.EXPIRES && { expirationTimestamp: process.env.EXPIRES }),
};
process.stdout.write(JSON.stringify({ apiVersion, kind: 'ExecCredential', status }));
