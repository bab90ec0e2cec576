import { addressFamily, isPrefix } from './ip-address.js';

interface Format<Value> {
  readonly type: Value extends number ? 'number' : 'string';
  readonly validate: (value: Value) => boolean;
}

function matching(pattern: RegExp, longest: number): Format<string> {
  return { type: 'string', validate: (value) => value.length <= longest && pattern.test(value) };
}

function within(least: number, below: number): Format<number> {
  return { type: 'number', validate: (value) => value >= least && value < below };
}

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return year !== '' && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})[tT ](\d{2}):(\d{2}):(\d{2})(\.\d+)?([zZ]|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (text.length > 100 || !match) return false;
  const [, date = '', hour, minute, second] = match;
  return isDate(date) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** Formats that the API server checks. Source: k8s.io/kube-openapi pkg/validation/strfmt. */
export const formats = {
  int32: within(-(2 ** 31), 2 ** 31),
  int64: within(-(2 ** 63), 2 ** 63),
  byte: { type: 'string', validate: isBase64 },
  cidr: { type: 'string', validate: isPrefix },
  date: { type: 'string', validate: isDate },
  datetime: { type: 'string', validate: isDateTime },
  ipv4: { type: 'string', validate: (value) => addressFamily(value) === 4 },
  ipv6: { type: 'string', validate: (value) => addressFamily(value) === 6 },
  k8sshortname: matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 63),
  k8slongname: matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, 253),
  uuid: matching(uuid, 36),
} as const satisfies Record<string, Format<string> | Format<number>>;

function isBase64(text: string): boolean {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}
