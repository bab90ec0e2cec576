import { printable } from '#report/printable.js';
import type { Style } from '#report/table-style.js';

/** A run of lines of one sort. */
interface Block {
  readonly sort: 'heading' | 'paragraph' | 'item' | 'code' | 'table';
  readonly lines: readonly string[];
}

function sortOf(line: string): Block['sort'] {
  if (line.startsWith('#')) return 'heading';
  if (/^\s*(?:[-*]|\d+\.) /.test(line)) return 'item';
  return line.startsWith('|') ? 'table' : 'paragraph';
}

/** True when a line goes on with the block before it. */
function continues({ sort }: Block, line: string): boolean {
  const next = sortOf(line);
  if (sort === 'paragraph' || sort === 'table') return next === sort;
  return sort === 'item' && next === 'paragraph';
}

function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { sort: Block['sort']; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    if (open?.sort === 'code') {
      if (line.startsWith('```')) open = undefined;
      else open.lines.push(line);
    } else if (line.startsWith('```')) {
      open = { sort: 'code', lines: [] };
      blocks.push(open);
    } else if (line.trim() === '') open = undefined;
    else if (open !== undefined && continues(open, line)) open.lines.push(line.trim());
    else {
      open = { sort: sortOf(line), lines: [line.trimEnd()] };
      blocks.push(open);
    }
  }
  return blocks;
}

/** Links by their text and address, emphasis without its signs. */
function plain(text: string): string {
  return text
    .replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, (_, words: string, address: string) =>
      /^https?:/.test(address) ? `${words} (${address})` : words,
    )
    .replaceAll(/\*\*([^*]+)\*\*/g, '$1');
}

function renderBlock({ sort, lines }: Block, style: Style): string {
  const { ink, labelled } = style;
  const text = plain(printable(lines.join(' '), 10_000));
  switch (sort) {
    case 'heading':
      return ink.bold(text.replace(/^#+ */, ''));
    case 'code':
      return lines.map((line) => `    ${ink.dim(printable(line, 1000))}`.trimEnd()).join('\n');
    case 'table':
      return lines.map((line) => `  ${printable(line, 1000)}`).join('\n');
    case 'item': {
      const [, mark = '- ', words = text] = /^\s*((?:[-*]|\d+\.) )(.*)$/.exec(text) ?? [];
      return labelled(mark, words, 2).join('\n');
    }
    case 'paragraph':
      return labelled('', text, 2).join('\n');
  }
}

/** Markdown for a terminal: wrapped to the style's width, code as it stands, no other sign of markup than backquotes. */
export function markdownText(markdown: string, style: Style): string {
  const blocks = blocksOf(markdown);
  const parts = blocks.map((block, index) => {
    const tight = block.sort === 'item' && blocks[index - 1]?.sort === 'item';
    return `${index === 0 ? '' : tight ? '\n' : '\n\n'}${renderBlock(block, style)}`;
  });
  return parts.join('');
}
