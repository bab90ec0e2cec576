import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makePods } from './make-pods.mjs';
import { printYaml } from './print-yaml.mjs';

const listTail = { kind: 'List', metadata: { resourceVersion: '' } };

/** Writes the same pods three ways until the multi-document form has the wanted size; returns the paths. */
export function writeDumps(folder, megabytes, seed = 7) {
  const files = { documents: 'documents.yaml', yamlList: 'list.yaml', jsonList: 'list.json' };
  const open = Object.fromEntries(
    Object.entries(files).map(([key, name]) => [key, openSync(path.join(folder, name), 'w')]),
  );
  writeSync(open.yamlList, 'apiVersion: v1\nitems:\n');
  writeSync(open.jsonList, '{\n    "apiVersion": "v1",\n    "items": [\n');
  let written = 0;
  let pods = 0;
  for (const pod of makePods(seed)) {
    if (written >= megabytes * 1e6) break;
    written += writeSync(open.documents, `${pods > 0 ? '---\n' : ''}${printYaml(pod)}`);
    writeSync(open.yamlList, printYaml([pod]));
    const json = JSON.stringify(pod, null, 4).replaceAll('\n', '\n        ');
    writeSync(open.jsonList, `${pods > 0 ? ',\n' : ''}        ${json}`);
    pods++;
  }
  writeSync(open.yamlList, printYaml(listTail));
  writeSync(
    open.jsonList,
    '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n',
  );
  for (const descriptor of Object.values(open)) closeSync(descriptor);
  return {
    pods,
    ...Object.fromEntries(Object.entries(files).map(([key, name]) => [key, path.join(folder, name)])),
  };
}
