import type { FieldPath, FieldRef } from '#documents/document.js';
import { listAt } from '#documents/json.js';
import type { Container, Workload } from '#mesh/mesh.js';
import type { AgentMark } from './product.js';
import { readRules } from './seclang.js';

interface Word {
  readonly text: string;
  readonly path: FieldPath;
}

function wordsOf({ spec, path }: Container): readonly Word[] {
  return ['command', 'args'].flatMap((list) =>
    listAt(spec, list).flatMap((text, index) =>
      typeof text === 'string' ? [{ text, path: [...path, list, index] }] : [],
    ),
  );
}

/** The directive in a word `-name=directive`, or in the one after `-name`. */
function directiveAt(names: readonly string[], words: readonly Word[], index: number): Word | undefined {
  const word = words[index];
  const name = names.find((one) => word?.text === one || word?.text.startsWith(`${one}=`) === true);
  if (word === undefined || name === undefined) return undefined;
  return word.text === name ? words[index + 1] : { ...word, text: word.text.slice(name.length + 1) };
}

/** What ModSecurity directives in a container's arguments tell of its mode: those that leave it looking on. */
export function directiveModes(
  { directiveArgs = [] }: AgentMark,
  { resource }: Workload,
  container: Container,
): readonly { readonly at: FieldRef; readonly how: string }[] {
  const words = directiveArgs.length === 0 ? [] : wordsOf(container);
  const directives = words.flatMap((_, index) => directiveAt(directiveArgs, words, index) ?? []);
  const { engine, engineLine } = readRules(
    directives.map(({ text }) => text.replace(/^(["'])(.*)\1$/, '$2')),
  );
  const decisive = engineLine === undefined ? undefined : directives[engineLine];
  if (decisive === undefined || engine === 'On') return [];
  return [{ at: { resource, path: decisive.path }, how: `SecRuleEngine is ${engine}` }];
}
