import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { send, wantsColor, widthOf } from '#cli/cli-io.js';
import { createProgress } from '#cli/progress.js';
import { memory } from './run-in-memory.js';

describe('colour', () => {
  it.each([
    ['a terminal', 80, {}, true, true],
    ['no terminal', undefined, {}, true, false],
    ['NO_COLOR', 80, { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', 80, { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR without terminal', undefined, { FORCE_COLOR: '1' }, true, true],
    ['FORCE_COLOR=0', 80, { FORCE_COLOR: '0' }, true, false],
    ['FORCE_COLOR over NO_COLOR', 80, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
    ['a dumb terminal', 80, { TERM: 'dumb' }, true, false],
    ['--no-color', 80, { FORCE_COLOR: '1' }, false, false],
  ])('with %s', (_name, terminal, env, flag, expected) => {
    expect(wantsColor(memory(terminal).stream, env, flag)).toBe(expected);
  });
});

describe('width', () => {
  it.each([
    [132, {}, 132],
    [undefined, {}, 80],
    [undefined, { COLUMNS: '100' }, 100],
    [undefined, { COLUMNS: 'wide' }, 80],
  ])('of terminal %s with %j is %i', (terminal, env, expected) => {
    expect(widthOf(memory(terminal).stream, env)).toBe(expected);
  });
});

/** A stream whose every write fails with the given code. */
function failing(code: string): Writable {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      done(Object.assign(new Error(code), { code }));
    },
  });
  return stream.on('error', () => undefined);
}

describe('sending', () => {
  it('takes a reader that has gone for the end', async () => {
    await expect(send(failing('EPIPE'), 'text')).resolves.toBeUndefined();
  });

  it('reports any other failure', async () => {
    await expect(send(failing('ENOSPC'), 'text')).rejects.toThrow('ENOSPC');
  });
});

describe('progress', () => {
  it('is silent on anything but a terminal, when unwanted, and in a short run', () => {
    for (const [terminal, enabled] of [
      [undefined, true],
      [80, false],
      [80, true],
    ] as const) {
      const { stream, text } = memory(terminal);
      const progress = createProgress(stream, enabled);
      progress.update('Reading');
      progress.clear();
      expect(text()).toBe('');
    }
  });

  it('shows one line in a long run and takes it away', async () => {
    const { stream, text } = memory(20);
    const progress = createProgress(stream, true);
    await new Promise((resolve) => setTimeout(resolve, 520));
    progress.update('Reading 1 of a very long list of files');
    progress.clear();
    expect(text()).toBe('\r\u001b[KReading 1 of a very\r\u001b[K');
  });
});
