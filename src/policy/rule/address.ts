/** An IP address as a number; addresses of different families never compare equal. */
export interface Address {
  readonly family: 4 | 6 | 'none';
  readonly value: bigint;
}

/** What is known to have no IP address: it lies in no range. */
export const noAddress: Address = { family: 'none', value: 0n };

/** A CIDR range: the addresses whose first `bits` bits are those of `value`. */
export interface AddressRange extends Address {
  readonly family: 4 | 6;
  readonly bits: number;
}

const octet = /^(0|[1-9]\d{0,2})$/;
const group = /^[0-9a-fA-F]{1,4}$/;

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    const number = octet.test(part) ? Number(part) : 256;
    if (number > 255) return undefined;
    value = value * 256n + BigInt(number);
  }
  return value;
}

/** Groups of one side of `::`; the last may be an embedded IPv4 address. */
function parseGroups(text: string, mayEmbed: boolean): readonly bigint[] | undefined {
  if (text === '') return [];
  const values: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (group.test(part)) values.push(BigInt(`0x${part}`));
    else {
      const embedded = mayEmbed && index === parts.length - 1 ? parseV4(part) : undefined;
      if (embedded === undefined) return undefined;
      values.push(embedded >> 16n, embedded & 0xffffn);
    }
  }
  return values;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves;
  const before = parseGroups(left ?? '', right === undefined);
  const after = right === undefined ? [] : parseGroups(right, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const zeros = Array.from({ length: missing }, () => 0n);
  return [...before, ...zeros, ...after].reduce((value, part) => (value << 16n) | part, 0n);
}

function readAddress(text: string): Address | undefined {
  const family = text.includes(':') ? 6 : 4;
  const value = family === 6 ? parseV6(text) : parseV4(text);
  return value === undefined ? undefined : { family, value };
}

const recent = new Map<string, Address | undefined>();
const mostRecent = 4096;

/** An address as Go's netip and Envoy read it: no leading zeros, no zone. Undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const known = recent.get(text);
  if (known !== undefined || recent.has(text)) return known;
  if (recent.size >= mostRecent) recent.clear();
  const address = readAddress(text);
  recent.set(text, address);
  return address;
}

/** An IPv6 address alone may name its zone (`fe80::1%eth0`), which is then left out; a range may not. */
function withoutZone(text: string): string {
  const [address, ...zone] = text.split('%');
  return address?.includes(':') === true && zone.join('%') !== '' ? address : text;
}

/**
 * An address or CIDR range of a policy; undefined when Istio can not read it
 * (pilot/pkg/networking/util/util.go, AddrStrToPrefix).
 */
export function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? withoutZone(text) : text.slice(0, slash));
  if (address === undefined) return undefined;
  const family = address.family === 4 ? 4 : 6;
  const width = family === 4 ? 32 : 128;
  const length = slash < 0 ? String(width) : text.slice(slash + 1);
  const bits = octet.test(length) ? Number(length) : Infinity;
  return bits > width ? undefined : { family, value: address.value, bits };
}

/** True when the address lies in the range; the host bits of the range's own address do not matter. */
export function isInRange(address: Address, range: AddressRange): boolean {
  if (address.family !== range.family) return false;
  const shift = BigInt((range.family === 4 ? 32 : 128) - range.bits);
  return address.value >> shift === range.value >> shift;
}
