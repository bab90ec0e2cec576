/** What makes two listeners of one Gateway the same or distinct. */
export interface ListenerKey {
  readonly port: number;
  readonly protocol: string;
  /** `*` without one. */
  readonly hostname: string;
}

const isStream = ({ protocol }: ListenerKey): boolean => protocol === 'TCP' || protocol === 'UDP';
const isHttpLike = ({ protocol }: ListenerKey): boolean =>
  protocol === 'HTTP' || protocol === 'HTTPS' || protocol === 'TLS';

/** listenersDistinct in pilot/pkg/config/kube/gatewaycommon/listener_conflict.go. */
function areDistinct(a: ListenerKey, b: ListenerKey): boolean {
  if (a.port !== b.port) return true;
  if (isHttpLike(a) && isHttpLike(b)) return a.hostname !== b.hostname;
  const known = (isStream(a) || isHttpLike(a)) && (isStream(b) || isHttpLike(b));
  return !known && a.protocol !== b.protocol;
}

/** The listeners that win, given those of the Gateway first, then those of its ListenerSets by age; a loser blocks nobody. */
export function withoutConflicts<T extends ListenerKey>(listeners: readonly T[]): readonly T[] {
  const accepted: T[] = [];
  for (const listener of listeners) {
    if (accepted.every((prior) => areDistinct(listener, prior))) accepted.push(listener);
  }
  return accepted;
}
