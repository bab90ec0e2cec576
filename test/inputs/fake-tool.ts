import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A program that stands in for one that people have: notes how it was called, and prints what was recorded. */
export interface FakeTool {
  /** For the PATH of the run. */
  readonly bin: string;
  /** Arguments of each call. */
  readonly calls: () => readonly (readonly string[])[];
}

/** What a fake prints; `body` is JavaScript that sees `args` and sets `out`, `err` and `code`. */
export function fakeTool(folder: string, name: string, body: string): FakeTool {
  const bin = path.join(folder, `bin-${name}`);
  const log = path.join(bin, 'calls.jsonl');
  mkdirSync(bin, { recursive: true });
  const script = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n');
let [out, err, code] = ['', '', 0];
${body}
process.stderr.write(err);
process.stdout.write(out, () => process.exit(code));
`;
  writeFileSync(path.join(bin, name), script);
  chmodSync(path.join(bin, name), 0o755);
  return {
    bin,
    calls: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as string[])
        : [],
  };
}
