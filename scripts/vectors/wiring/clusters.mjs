import { proxiesOf } from './chains.mjs';

function line(proxy, name, endpoints) {
  return `${proxy} ${name} ${[...endpoints].sort().join()}`;
}

/** Clusters that extension objects added: name and endpoints. */
export function compareClusters(subject) {
  const { place, lines, result } = subject;
  const theirs = lines
    .filter((each) => each.line === 'cluster' && each.origin === 'added')
    .map(({ proxy, cluster, endpoints }) => line(proxy, cluster, endpoints ?? []));
  const ours = proxiesOf({ ...subject, result: { unknown: [] } }).flatMap(({ id, value }) =>
    value.clusters
      .filter(({ origin }) => origin === 'added')
      .map(({ name, endpoints }) => line(id, name, endpoints)),
  );
  for (const each of theirs) {
    if (ours.includes(each)) result.agree += 1;
    else result.disagree.push(`${place} cluster of Istio: ${each}`);
  }
  for (const each of ours)
    if (!theirs.includes(each)) result.disagree.push(`${place} cluster of ours: ${each}`);
}
