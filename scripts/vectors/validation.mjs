import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { readObject } from '../corpus/read-object.mjs';

// Family `validation`: would the API server (schema, CEL, unknown fields) and Istio's webhook take this object?
// Parts: schema (schema.valid and unknownFields) and webhook (webhook.valid).

async function readLines(file) {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function vectorsOf(folder, corpus) {
  const mutated = [];
  for (const name of (await readdir(path.join(folder, 'mutated'))).sort()) {
    mutated.push(...(await readLines(path.join(folder, 'mutated', name))));
  }
  const real = [];
  for (const vector of await readLines(path.join(folder, 'corpus.jsonl'))) {
    real.push({ ...vector, object: await readObject(corpus, vector.ref) });
  }
  return [...real, ...mutated];
}

/** A path as the API server writes it. */
function fieldPath(steps) {
  return steps
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}

function typed(object) {
  const apiVersion = typeof object?.apiVersion === 'string' ? object.apiVersion : '';
  const slash = apiVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind: typeof object?.kind === 'string' ? object.kind : '',
    object,
  };
}

/** The webhook refuses kinds that Istio does not have. */
const noSuchKind = { errors: [{ path: ['kind'], message: 'unrecognized type' }] };

function comparisons(vector, { answer, hasKind }, parts) {
  const list = [];
  if (parts.includes('schema')) {
    const valid = answer.servedKind && answer.schema.length === 0;
    list.push({ what: 'schema.valid', istio: vector.schema.valid, ours: valid, why: answer.schema });
    const unknown = [...new Set(answer.unknownFields.map(({ path: steps }) => fieldPath(steps)))].sort();
    list.push({
      what: 'unknownFields',
      istio: JSON.stringify([...new Set(vector.unknownFields)].sort()),
      ours: JSON.stringify(unknown),
      why: [],
    });
  }
  if (parts.includes('webhook')) {
    const known = answer.webhook ?? (hasKind ? undefined : noSuchKind);
    const ours = known && known.errors.length === 0;
    list.push({
      what: 'webhook.valid',
      istio: vector.webhook.valid,
      ours,
      why: answer.webhook?.errors ?? [],
    });
  }
  return list;
}

function line(vector, { what, istio, ours, why }) {
  const said = what === 'webhook.valid' ? vector.webhook.errors : vector.schema.errors;
  const change = vector.mutation ? ` (${vector.mutation.op} ${vector.mutation.path})` : ` (${vector.ref})`;
  const reasons = why.map(({ path: steps, message }) => `${fieldPath(steps)}: ${message}`);
  return `${vector.id}${change} ${what}: Istio ${istio}, ours ${ours}; Istio says ${JSON.stringify(said).slice(0, 300)}, we say ${JSON.stringify(reasons).slice(0, 300)}`;
}

export async function run(folder, options) {
  const [validate, set] = await loadSource('src/schemas/validate.ts', 'src/schemas/schema-set.ts');
  const parts = options.parts ?? ['schema', 'webhook'];
  const corpus = options.corpus ?? path.join(folder, '../../corpus');
  const all = (await vectorsOf(folder, corpus)).map((vector) => ({ vector, resource: typed(vector.object) }));
  const chosen = all.filter(
    ({ vector, resource }) => !options.kinds || options.kinds.includes(vector.kind ?? resource.kind),
  );
  const schemas = await set.loadSchemas(chosen.map(({ resource }) => resource));
  const result = { agree: 0, disagree: [], unknown: [] };
  const start = performance.now();
  const answers = chosen.map(
    ({ resource }) => resource.object && validate.validateResource(resource, schemas),
  );
  console.log(`validation: ${chosen.length} objects in ${Math.round(performance.now() - start)} ms`);
  for (const [index, { vector }] of chosen.entries()) {
    if (!answers[index]) {
      result.unknown.push(`${vector.id}: no object at ${vector.ref}`);
      continue;
    }
    const hasKind = schemas.kinds.has(set.kindKey(chosen[index].resource));
    for (const comparison of comparisons(vector, { answer: answers[index], hasKind }, parts)) {
      if (comparison.ours === undefined) result.unknown.push(`${vector.id} ${comparison.what}`);
      else if (comparison.ours === comparison.istio) result.agree += 1;
      else result.disagree.push(line(vector, comparison));
    }
  }
  return result;
}
