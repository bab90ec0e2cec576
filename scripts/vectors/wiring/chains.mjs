const connectionManager = 'http_connection_manager';

function bodyOf(body) {
  return body ? [body.maxRequestBytes, body.allowPartialMessage, body.packAsBytes] : null;
}

/** What a filter is compared by, in one text. */
function ourFilter(filter) {
  const { name, type, discovery, settings, disabled, cluster, clusterExists, typedStruct, optional } = filter;
  const choice = ['ext_authz', 'ext_proc', 'wasm'].includes(settings.kind);
  const asks = ['ext_authz', 'ext_proc'].includes(settings.kind);
  return {
    name,
    type: type ?? null,
    typedStruct,
    disabled,
    optional,
    ...(discovery && {
      resolved: discovery.resolved,
      typeAllowed: discovery.resolved ? discovery.typeAllowed : null,
    }),
    ...(choice && { failOpen: settings.failOpen }),
    ...(asks && { transport: settings.transport }),
    ...((asks || cluster !== undefined) && {
      cluster: cluster ?? null,
      clusterExists: clusterExists ?? null,
    }),
    ...(settings.kind === 'ext_authz' && {
      body: bodyOf(settings.body),
      gated: settings.gatedBy !== undefined,
      apiVersion: settings.apiVersion,
    }),
  };
}

function theirFilter(filter) {
  const { name, typeUrl, typedStruct = false, disabled = false, isOptional = false } = filter;
  const choice = 'failOpen' in filter && filter.failOpen !== null;
  const asks = 'transport' in filter;
  return {
    name,
    type: typeUrl ?? null,
    typedStruct,
    disabled,
    optional: isOptional,
    ...(filter.configDiscovery && {
      resolved: filter.resolved,
      typeAllowed: filter.resolved ? (filter.typeAllowed ?? true) : null,
    }),
    ...(choice && { failOpen: filter.failOpen }),
    ...(asks && { transport: filter.transport }),
    ...((asks || filter.cluster !== undefined) && {
      cluster: filter.cluster ?? null,
      clusterExists: filter.cluster === undefined ? null : filter.clusterExists,
    }),
    ...(filter.typeUrl === 'envoy.extensions.filters.http.ext_authz.v3.ExtAuthz' && {
      body: bodyOf(filter.withRequestBody),
      gated: filter.gatedBy !== undefined,
      apiVersion: filter.apiVersion,
    }),
  };
}

function isOther({ name, typeUrl, type }) {
  return !name.includes(connectionManager) && !(typeUrl ?? type ?? '').endsWith('HttpConnectionManager');
}

/** Network filters are told by name and type only. */
function networkFilter({ name, type, typeUrl }) {
  return { name, type: type ?? typeUrl ?? null };
}

function override({ level, virtualHost, vhost, route, filter, effect }) {
  return { level, vhost: virtualHost ?? vhost ?? null, route: route ?? null, filter, effect };
}

const works = ({ filterPresent, typeFits }) => filterPresent && typeFits === true;

function sortedText(list) {
  return list.map((one) => JSON.stringify(one)).sort();
}

function ourChain(chain) {
  return {
    protocol: chain.protocol,
    http: chain.httpFilters.filter(({ stock }) => !stock).map(ourFilter),
    network: chain.networkFilters
      .filter(({ stock }) => !stock)
      .filter(isOther)
      .map(networkFilter),
    overrides: sortedText(chain.overrides.filter(works).map(override)),
  };
}

function theirChain(line) {
  return {
    protocol: line.protocol,
    http: (line.httpFilters ?? []).filter(({ stock }) => !stock).map(theirFilter),
    network: line.networkFilters
      .filter(({ stock }) => !stock)
      .filter(isOther)
      .map(networkFilter),
    overrides: sortedText((line.routesDisabling ?? []).filter(works).map(override)),
  };
}

/** The pod's address is not in the input. */
function chainName(name) {
  return name.replace(/^(?:<pod IP>|10\.10\.\d+\.\d+)_/, 'pod_');
}

function key({ proxy, listener, listenerName, port, name, tls, transportProtocol, alpn, sni }) {
  const match = [tls, transportProtocol ?? '', (alpn ?? []).join(), [...(sni ?? [])].sort().join()];
  return [proxy, listener, chainName(listenerName), port ?? 'other', chainName(name), ...match].join(' ');
}

function ourKey(proxy, { listener, listenerName, port, name, tls, match }) {
  const { transportProtocol, applicationProtocols, serverNames } = match;
  const parts = { transportProtocol, alpn: applicationProtocols, sni: serverNames };
  return key({ proxy, listener, listenerName, port, name, tls, ...parts });
}

function theirKey({ proxy, listener, listenerName, port, chain }) {
  return key({ proxy, listener, listenerName, port, ...chain });
}

export function proxiesOf({ policies, place, result }) {
  return policies.mesh.workloads.flatMap((workload) => {
    const decision = policies.filterChains(workload);
    if (!decision.known) {
      const missing = decision.missing.map(({ text }) => text).join(', ');
      result.unknown.push(`${place} ${workload.id}: lacking ${missing}`);
      return [];
    }
    return decision.value === undefined ? [] : [{ id: workload.id, value: decision.value }];
  });
}

/** Chains of one key come in order. */
function byKey(pairs) {
  const map = new Map();
  for (const [name, value] of pairs) map.set(name, [...(map.get(name) ?? []), JSON.stringify(value)]);
  return map;
}

export function compareChains(subject) {
  const { place, lines, result } = subject;
  const theirs = byKey(
    lines.filter(({ line }) => line === 'chain').map((line) => [theirKey(line), theirChain(line)]),
  );
  const ours = byKey(
    proxiesOf(subject).flatMap(({ id, value }) =>
      value.chains.map((chain) => [ourKey(id, chain), ourChain(chain)]),
    ),
  );
  for (const name of new Set([...theirs.keys(), ...ours.keys()])) {
    const [wanted = [], got = []] = [theirs.get(name), ours.get(name)];
    for (let index = 0; index < Math.max(wanted.length, got.length); index += 1) {
      if (wanted[index] === got[index]) result.agree += 1;
      else result.disagree.push(`${place} chain ${name}: Istio says ${wanted[index]}, we say ${got[index]}`);
    }
  }
}

/** Listeners that Envoy refuses, by proxy and listener. */
export function compareRefusals(subject) {
  const { place, lines, result } = subject;
  const theirs = new Map(
    lines
      .filter(({ line, envoyRejects }) => line === 'chain' && envoyRejects)
      .map(({ proxy, listenerName, envoyRejects }) => [`${proxy} ${listenerName}`, envoyRejects]),
  );
  const ours = new Map(
    proxiesOf({ ...subject, result: { unknown: [] } }).flatMap(({ id, value }) =>
      value.chains
        .filter(({ refused }) => refused !== undefined)
        .map(({ listenerName, refused }) => [`${id} ${listenerName}`, refused.text]),
    ),
  );
  for (const [name, text] of theirs) {
    if (ours.has(name)) result.refusals.foreseen += 1;
    else result.refusals.missed.push(`${place} ${name}: ${text}`);
  }
  for (const [name, text] of ours)
    if (!theirs.has(name)) result.refusals.false.push(`${place} ${name}: we say ${text}`);
}
