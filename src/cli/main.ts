import { runCli } from './run-cli.js';

// A reader that goes away (`| head`) shows in the callback of each write; the event must not end the process.
const ignore = (): void => undefined;
process.stdout.on('error', ignore);
process.stderr.on('error', ignore);

process.exitCode = await runCli(process.argv.slice(2), {
  // Opened only when it is read: a stream that is merely touched can keep the process waiting.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
});
