import { parseAddress } from '#policy/rule/address.js';
import type { Address } from '#policy/rule/address.js';
import type { HeaderLines } from './request-headers.js';

/**
 * An address of X-Forwarded-For, counted from the right; undefined where there are too few, or where it can not be read
 * (getLastAddressFromXFF in Envoy's source/common/http/utility.cc).
 */
export function forwardedAddress(lines: HeaderLines | undefined, skipped: number): Address | undefined {
  let list = lines?.get('x-forwarded-for')?.[0];
  for (let count = 0; count < skipped && list !== undefined; count += 1) {
    const comma = list.lastIndexOf(',');
    list = comma < 0 ? undefined : list.slice(0, comma);
  }
  if (list === undefined) return undefined;
  const comma = list.lastIndexOf(',');
  const last = comma >= 0 && comma + 1 < list.length ? list.slice(comma + 1) : list;
  return parseAddress(last.trim());
}
