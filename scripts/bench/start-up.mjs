import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../bin/meshaudit.js', import.meta.url));

/** How long a person waits for the help, against Node itself. */
export function startUpBench() {
  return {
    title: 'Start-up',
    commands: [
      { name: 'help:yardstick', args: ['-e', '0'] },
      { name: 'help:ours', args: [cli, '--help'] },
    ],
    rows: [
      {
        label: 'meshaudit --help',
        yardstick: { name: 'help:yardstick', label: 'node -e 0' },
        ours: 'help:ours',
        allowed: 1.6,
      },
    ],
  };
}
