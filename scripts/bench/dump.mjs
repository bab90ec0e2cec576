import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDumps } from './write-dumps.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cli = here('../../bin/meshaudit.js');
const megabytes = 20;

/** A dump of pods three ways, audited whole, against the yardstick that only parses the same bytes. */
export function dumpBench(folder) {
  const wanted = ({ kind }) => kind === 'Pod';
  return benchOf({ folder: path.join(folder, 'pods'), wanted, what: 'pods with sidecars' });
}

/** The same of everything that the mesh of a cluster is made of. */
export function clusterBench(folder) {
  return benchOf({ folder: path.join(folder, 'cluster'), wanted: () => true, what: 'objects of a cluster' });
}

function benchOf({ folder, wanted, what }) {
  const dump = writeDumps(folder, { megabytes, wanted });
  const audit = (file) => [cli, 'audit', '--scope', 'complete', '--no-progress', file];
  const yaml = (file) => [here('./yardstick-js-yaml.mjs'), file];
  const rows = [
    ['documents', 'multi-document YAML', yaml(dump.documents), 1],
    ['yamlList', 'kind: List in YAML', yaml(dump.yamlList), 1],
    ['jsonList', 'kind: List in JSON', [here('./yardstick-json-parse.mjs'), dump.jsonList], 3],
  ];
  const name = (key, role) => `${path.basename(folder)}:${key}:${role}`;
  return {
    title: `${dump.objects} ${what} (${megabytes} MB as multi-document YAML)`,
    commands: rows.flatMap(([key, , yardstick]) => [
      { name: name(key, 'yardstick'), args: yardstick },
      { name: name(key, 'audit'), args: audit(dump[key]) },
    ]),
    rows: rows.map(([key, label, yardstick, allowed]) => ({
      label,
      yardstick: {
        name: name(key, 'yardstick'),
        label: path.basename(yardstick[0], '.mjs').replace('yardstick-', ''),
      },
      ours: name(key, 'audit'),
      allowed,
    })),
  };
}
