const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A seeded source of numbers in [0, 1) and of what an API server makes up: the same dump on every machine. */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = (list) => list[Math.floor(next() * list.length)];
  const text = (length, characters) => Array.from({ length }, () => pick(characters)).join('');
  const hex = (length) => text(length, '0123456789abcdef');
  return {
    next,
    pick,
    hex,
    word: (length) => text(length, alphabet),
    uid: () => [8, 4, 4, 4, 12].map(hex).join('-'),
    address: () =>
      `10.${Math.floor(next() * 256)}.${Math.floor(next() * 256)}.${1 + Math.floor(next() * 254)}`,
    time: () =>
      new Date(Date.UTC(2025, 5, 1) + Math.floor(next() * 2e7) * 1000).toISOString().replace('.000', ''),
  };
}
