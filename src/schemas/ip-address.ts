function ipv4Bytes(text: string): boolean {
  const parts = text.split('.');
  if (parts.length !== 4) return false;
  // netip refuses leading zeros: "010.0.0.1" has meant both 8 and 10.
  return parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

/** How many 16-bit groups a colon-separated part stands for, or undefined when it is malformed. */
function groupCount(part: string, last: boolean): number | undefined {
  if (part === '') return 0;
  const groups = part.split(':');
  let count = 0;
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) count += 1;
    else if (last && index === groups.length - 1 && ipv4Bytes(group)) count += 2;
    else return undefined;
  }
  return count;
}

function ipv6Groups(text: string): boolean {
  const halves = text.split('::');
  const [head = '', tail] = halves;
  if (halves.length > 2) return false;
  const before = groupCount(head, tail === undefined);
  if (tail === undefined) return before === 8;
  const after = groupCount(tail, true);
  return before !== undefined && after !== undefined && before + after < 8;
}

/** The family of an address as Go's netip.ParseAddr reads it (an IPv6 zone is allowed), or undefined when it refuses. */
export function addressFamily(text: string): 4 | 6 | undefined {
  if (text.length > 300) return undefined;
  if (!text.includes(':')) return ipv4Bytes(text) ? 4 : undefined;
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return undefined;
  return ipv6Groups(percent < 0 ? text : text.slice(0, percent)) ? 6 : undefined;
}

/** True for a CIDR as Go's netip.ParsePrefix reads it: no zone, no leading zero in the length, host bits allowed. */
export function isPrefix(text: string): boolean {
  const slash = text.lastIndexOf('/');
  if (slash < 0 || text.includes('%')) return false;
  const family = addressFamily(text.slice(0, slash));
  const bits = text.slice(slash + 1);
  if (family === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(bits)) return false;
  return Number(bits) <= (family === 4 ? 32 : 128);
}
