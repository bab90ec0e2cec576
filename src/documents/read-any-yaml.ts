import { parseDocument, type Document } from 'yaml';
import type { Limits } from './limits.js';
import { convertNode, Refusal } from './convert-yaml.js';
import { indentFlow } from './indent-flow.js';
import { indentQuoted } from './indent-quoted.js';
import { deepestLevel } from './nesting.js';
import type { ReadResult } from './read-result.js';

/** A parsed document, and the text it was parsed from, which may have been mended. */
export interface Parsed {
  readonly document: Document.Parsed;
  readonly mended: string;
}

const rounds = 8;

/**
 * Parses a document with positions kept; the scalar text is left alone, since Kubernetes resolves it by its own rules.
 * Where quoted text or a flow collection runs on at too small an indentation, which libyaml allows, the lines are
 * indented first.
 */
export function parseWithPositions(text: string): Parsed {
  let mended = text;
  for (let round = 0; ; round++) {
    const document = parseDocument(mended, {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const open = document.errors.filter(
      ({ code, message }) => code === 'MISSING_CHAR' && message.includes('quote'),
    );
    const cut = document.errors.filter(
      ({ code, message }) => code === 'BAD_INDENT' && message.startsWith('Flow '),
    );
    const quotes = open.map(({ pos, message }) => ({
      offset: pos[0],
      quote: message.includes("'quote") ? "'" : '"',
    }));
    const next =
      round === rounds
        ? mended
        : indentFlow(indentQuoted(mended, quotes), open.length > 0 ? [] : cut.map(({ pos }) => pos[0]));
    if (next === mended) return { document, mended };
    mended = next;
  }
}

/**
 * Reads one YAML document of any form, with the values that Kubernetes' reader gives it. Slow and thorough: the
 * reader for what {@link readBlockYaml} hands back. Never throws; offsets count UTF-16 units from the start of the text.
 */
export function readAnyYaml(text: string, limits: Limits): ReadResult {
  if (deepestLevel(text, limits.depth) > limits.depth) return tooDeep(limits);
  const control = text.search(/(?![\t\n\r\x85])\p{Cc}/u);
  if (control >= 0)
    return { error: { code: 'syntax', offset: control, message: 'Control character in the text' } };
  try {
    const { document, mended } = parseWithPositions(text);
    const error = document.errors[0];
    if (error?.code === 'RESOURCE_EXHAUSTION') return tooDeep(limits);
    if (error !== undefined)
      return { error: { code: 'syntax', offset: error.pos[0], message: sentence(error.message) } };
    return convertNode(document.contents, mended, limits);
  } catch (thrown) {
    if (thrown instanceof Refusal) return { error: thrown };
    if (thrown instanceof RangeError) return tooDeep(limits);
    throw thrown;
  }
}

function tooDeep(limits: Limits): ReadResult {
  const message = `Nested more than ${String(limits.depth)} levels deep`;
  return { error: { code: 'too-deep', offset: 0, message } };
}

/** The parser's message on one line, without the excerpt of the text that some messages carry. */
function sentence(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[.:]$/, '');
}
