import type { AddressRange } from './address.js';
import type { Pattern, Piece } from './pattern.js';

function fill(piece: Piece, filler: string): string {
  if ('literal' in piece) return piece.literal;
  const needsOne = piece.wildcard === 'some' || piece.wildcard === 'segment';
  return filler === '' && needsOne ? 'x' : filler;
}

/** A few texts that a pattern matches, the shortest first. */
export function examplesOf({ pieces }: Pattern): readonly string[] {
  return [
    ...new Set(['', 'x', 'meshaudit'].map((filler) => pieces.map((piece) => fill(piece, filler)).join(''))),
  ];
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

function grouped(value: bigint): string {
  const shifts = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n];
  return shifts.map((shift) => ((value >> shift) & 0xffffn).toString(16)).join(':');
}

/** The first address of a range, as text. */
export function firstAddress({ family, value, bits }: AddressRange): string {
  const shift = BigInt((family === 4 ? 32 : 128) - bits);
  const first = (value >> shift) << shift;
  return family === 4 ? dotted(first) : grouped(first);
}
