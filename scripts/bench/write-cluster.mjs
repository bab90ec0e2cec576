import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makeApplications } from './cluster/make-applications.mjs';
import { printYaml } from './print-yaml.mjs';

const fileBytes = 40e6;

/** Writes the dump of a whole cluster, as an API server returns it, in files of some 40 MB; workloads are counted by their controllers. */
export function writeCluster(folder, workloads, seed = 7) {
  mkdirSync(folder, { recursive: true });
  let [made, size, files] = [0, fileBytes, 0];
  let descriptor;
  for (const objects of makeApplications(seed)) {
    if (made >= workloads) break;
    for (const object of objects) {
      if (size >= fileBytes) {
        if (descriptor !== undefined) closeSync(descriptor);
        descriptor = openSync(path.join(folder, `${String(files++).padStart(3, '0')}.yaml`), 'w');
        size = 0;
      }
      size += writeSync(descriptor, `---\n${printYaml(object)}`);
      if (object.kind === 'Deployment' || object.kind === 'StatefulSet') made += 1;
    }
  }
  closeSync(descriptor);
}
