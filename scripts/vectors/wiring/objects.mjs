function findObject(mesh, { kind, namespace, name }) {
  return mesh.resources.find(
    (resource) =>
      resource.kind === kind && resource.name === name && mesh.namespaceOf(resource) === namespace,
  );
}

function hasClusterPatch({ object }) {
  return (object.spec?.configPatches ?? []).some(({ applyTo }) => applyTo === 'CLUSTER');
}

/**
 * The oracle compares clusters as istiod happened to write them, which is not the same text at every run: a change of
 * clusters alone counts only where the object patches clusters and selects the proxy.
 */
function changedProxies(changes, object, { selected, unstable }) {
  const counts = ({ proxy, in: parts }) => {
    const steady = parts.filter((part) => part !== 'cluster' && !(unstable.has(proxy) && part !== 'route'));
    return (
      steady.length > 0 || (hasClusterPatch(object) && parts.includes('cluster') && selected.includes(proxy))
    );
  };
  return changes.filter(counts).map(({ proxy }) => proxy);
}

/** Proxies with a TypedStruct from a patch: its text is a map, which istiod writes in another order at every run. */
function unstableProxies(policies) {
  const holds = ({ typedStruct }) => typedStruct;
  const unstable = policies.mesh.workloads.filter((workload) => {
    const decision = policies.filterChains(workload);
    const { chains = [], outbound = [] } = (decision.known && decision.value) || {};
    return [...chains, ...outbound].some(({ httpFilters }) => httpFilters.some(holds));
  });
  return new Set(unstable.map(({ id }) => id));
}

/** Whether each extension object changes anything in any proxy. */
export function compareObjects({ place, lines, policies, result }) {
  for (const each of lines.filter(({ line }) => line === 'object')) {
    const { kind, namespace, name, changes } = each;
    const title = `${place} object ${kind} ${namespace}/${name}`;
    const object = findObject(policies.mesh, each);
    const decision = object && policies.extensionEffect(object);
    if (!decision?.known) {
      result.unknown.push(`${title}: ${decision?.missing.map(({ text }) => text).join() ?? 'not found'}`);
      continue;
    }
    const ours = [...decision.value.changes].sort().join();
    const { selected } = decision.value;
    // Where we see a change too, what is not stable does no harm.
    const unstable = ours === '' ? unstableProxies(policies) : new Set();
    const theirs = changedProxies(changes, object, { selected, unstable }).sort().join();
    if ((theirs === '') === (ours === '')) result.agree += 1;
    else result.disagree.push(`${title}: Istio says it changes [${theirs}], we say [${ours}]`);
  }
}
