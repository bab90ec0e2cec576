import { isMap, isSeq, parseDocument } from 'yaml';

/** The hook as an entry of `repos`: pre-commit installs the package and runs it on what is not committed yet. */
const hook = (version: string) => ({
  repo: 'local',
  hooks: [
    {
      id: 'meshaudit',
      name: 'meshaudit',
      language: 'node',
      additional_dependencies: [`meshaudit@${version}`],
      entry: 'meshaudit audit --no-progress --since HEAD',
      types_or: ['yaml', 'json'],
      pass_filenames: false,
      require_serial: true,
    },
  ],
});

/**
 * The text of a `.pre-commit-config.yaml` with the hook; comments and order of the one that is there stay. Undefined when
 * that one has the hook already, or is none that an entry can be added to.
 */
export function preCommitText(existing: string | undefined, version: string): string | undefined {
  if (existing?.includes('meshaudit') === true) return undefined;
  const document = parseDocument(existing === undefined || existing.trim() === '' ? 'repos: []\n' : existing);
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const repos = document.get('repos');
  if (!isSeq(repos)) return undefined;
  repos.flow = false;
  repos.add(document.createNode(hook(version)));
  return document.toString({ lineWidth: 0 });
}
