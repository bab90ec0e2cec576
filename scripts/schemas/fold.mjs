// Folds what a kind's versions repeat into shared definitions: DestinationRule says its traffic policy a dozen times.

const worthSharing = 160;

function children(node) {
  const single = ['items', 'additionalProperties'].filter((key) => typeof node[key] === 'object');
  return {
    properties: Object.keys(node.properties ?? {}),
    single,
  };
}

function mapChildren(node, map) {
  const { properties, single } = children(node);
  const copy = { ...node };
  if (properties.length > 0) {
    copy.properties = Object.fromEntries(properties.map((name) => [name, map(node.properties[name])]));
  }
  for (const key of single) copy[key] = map(node[key]);
  return copy;
}

function count(node, seen) {
  const text = JSON.stringify(node);
  if (text.length >= worthSharing) {
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times > 0) return;
  }
  const { properties, single } = children(node);
  for (const name of properties) count(node.properties[name], seen);
  for (const key of single) count(node[key], seen);
}

/** Rewrites schemas so that equal subschemas become `{ $ref: 'd<n>' }` into `definitions`. */
export function fold(schemas) {
  const seen = new Map();
  for (const schema of Object.values(schemas)) count(schema, seen);
  const names = new Map();
  const definitions = {};
  const visit = (node) => {
    const text = JSON.stringify(node);
    if ((seen.get(text) ?? 0) < 2) return mapChildren(node, visit);
    if (!names.has(text)) {
      const name = `d${names.size}`;
      names.set(text, name);
      definitions[name] = mapChildren(node, visit);
    }
    return { $ref: names.get(text) };
  };
  const roots = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, visit(schema)]));
  return { definitions, roots };
}
