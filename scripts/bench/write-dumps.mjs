import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makeApplications } from './cluster/make-applications.mjs';
import { printYaml } from './print-yaml.mjs';

const files = { documents: 'documents.yaml', yamlList: 'list.yaml', jsonList: 'list.json' };

/** Kinds in the order in which somebody would list them to kubectl. */
const kinds = ['Namespace', 'Service', 'Deployment', 'StatefulSet', 'ReplicaSet', 'Pod'];
const rankOf = ({ kind }) => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length);

/**
 * Makes the objects of a cluster, of those kinds that are wanted, until the multi-document form has the wanted size;
 * grouped by kind, as kubectl prints them.
 */
export function makeDump({ megabytes, wanted, seed = 7 }) {
  const made = [];
  let size = 0;
  for (const objects of makeApplications(seed)) {
    if (size >= megabytes * 1e6) break;
    for (const object of objects.filter(wanted)) {
      const yaml = printYaml(object);
      size += Buffer.byteLength(yaml) + '---\n'.length;
      made.push({ object, yaml });
    }
  }
  return made.sort((a, b) => rankOf(a.object) - rankOf(b.object));
}

/** Writes the same objects three ways; returns the paths, and how many objects there are. */
export function writeDumps(folder, dump) {
  const made = makeDump(dump);
  mkdirSync(folder, { recursive: true });
  const tail = { kind: 'List', metadata: { resourceVersion: '' } };
  write(path.join(folder, files.documents), made, ({ yaml }, index) => `${index > 0 ? '---\n' : ''}${yaml}`);
  write(path.join(folder, files.yamlList), ['apiVersion: v1\nitems:\n', ...made, printYaml(tail)], (part) =>
    typeof part === 'string' ? part : printYaml([part.object]),
  );
  const ending =
    '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
  write(
    path.join(folder, files.jsonList),
    ['{\n    "apiVersion": "v1",\n    "items": [\n', ...made, ending],
    (part, index) => {
      if (typeof part === 'string') return part;
      const json = JSON.stringify(part.object, null, 4).replaceAll('\n', '\n        ');
      return `${index > 1 ? ',\n' : ''}        ${json}`;
    },
  );
  const paths = Object.entries(files).map(([key, name]) => [key, path.join(folder, name)]);
  return { objects: made.length, ...Object.fromEntries(paths) };
}

function write(file, parts, print) {
  const descriptor = openSync(file, 'w');
  for (const [index, part] of parts.entries()) writeSync(descriptor, print(part, index));
  closeSync(descriptor);
}
