/** What the API server notes of who wrote which field: the tree of the fields themselves, under each manager's name. */
export function managedFields(writers) {
  return writers.map(({ manager, apiVersion, time, subresource, object }) => ({
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsOf(object),
    manager,
    operation: 'Update',
    ...(subresource === undefined ? {} : { subresource }),
    time,
  }));
}

/** The statuses of containers are written as a whole. */
function fieldsOf(object) {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      `f:${key}`,
      key.endsWith('Statuses') ? {} : fieldOf(value),
    ]),
  );
}

function fieldOf(value) {
  if (value === null || typeof value !== 'object') return {};
  const inner = Array.isArray(value) ? itemsOf(value) : fieldsOf(value);
  return Object.keys(inner).length === 0 ? {} : { '.': {}, ...inner };
}

/** The fields that tell the members of a list apart; lists without any are written as a whole. */
const identities = [['containerPort', 'protocol'], ['port', 'protocol'], ['type'], ['uid'], ['ip'], ['name']];

function itemsOf(items) {
  const identity = identities.find((keys) =>
    items.every((item) => keys.every((key) => item?.[key] !== undefined)),
  );
  if (identity === undefined) return {};
  return Object.fromEntries(
    items.map((item) => {
      const known = Object.fromEntries(identity.map((key) => [key, item[key]]));
      return [`k:${JSON.stringify(known)}`, fieldOf(item)];
    }),
  );
}
