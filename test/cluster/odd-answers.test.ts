import { describe, expect, it } from 'vitest';
import { readCluster } from '#cluster/read-cluster.js';
import type { JsonObject } from '#documents/json.js';
import type { Asked, Fault } from './api-server.js';
import { manyServices } from './objects.js';
import { namespaces, servers } from './serve.js';

const serve = servers();
const isServices = ({ resource }: Asked): boolean => resource === 'services';
const objects = [...namespaces, ...manyServices(3)];

/** Reads a cluster of which the Services are answered oddly; the Namespaces come all the same. */
async function withServices(fault: (asked: Asked) => Fault | undefined) {
  const { target, server } = await serve({
    objects,
    fault: (asked) => (isServices(asked) ? fault(asked) : undefined),
  });
  const { reading } = await readCluster({ ...target, patience: { pause: 1, repeats: 1 } });
  expect(reading.kinds.find(({ kind }) => kind.kind === 'Namespace')?.objects).toBe(1);
  return { reading, server };
}

const page = (token: string, items: readonly JsonObject[] = []): JsonObject => ({
  ...{ kind: 'ServiceList', apiVersion: 'v1', metadata: { continue: token } },
  items: [...items],
});

describe('a list', () => {
  it.each<readonly [string, Fault, RegExp]>([
    ['in HTML', { status: 200, body: '<html>Sign in</html>' }, /^502 the answer is no JSON$/],
    ['of HTML with an error', { status: 404, body: '<html>no</html>' }, /./],
    ['that is no list', { status: 200, body: '[1, 2' }, /no JSON/],
    ['with text in place of a status', { status: 400, body: 'x'.repeat(5000) }, /^400 x{300}$/],
    ['that is refused with a redirect', { status: 302, headers: { location: 'https://evil.test' } }, /^302 /],
  ])('%s is told, and the other kinds are read', async (name, fault, said) => {
    const { reading } = await withServices(() => fault);
    const expected = name.startsWith('of HTML') ? [] : [{ resource: 'services', reason: 'failed' }];
    expect(reading.unlisted).toMatchObject(expected);
    for (const { message } of reading.unlisted) expect(message).toMatch(said);
  });

  it('whose pages never end, be they ever so new, is given up', async () => {
    const { reading } = await withServices(({ before }) => ({
      status: 200,
      body: page(`t${String(before)}`),
    }));
    expect(reading.unlisted).toMatchObject([{ resource: 'services', reason: 'failed' }]);
    expect(reading.unlisted[0]?.message).toContain('pages without objects');
  });

  it('that unpacks to more than anybody can hold is given up', async () => {
    const body = ' '.repeat(400 * 1024 ** 2);
    const { reading } = await withServices(() => ({ status: 200, body }));
    expect(reading.unlisted).toMatchObject([
      { resource: 'services', message: '502 the answer is too large' },
    ]);
  }, 60_000);
});

describe('a server that refuses the credentials', () => {
  it('in the middle of the reading ends it', async () => {
    const { target } = await serve({
      objects,
      fault: (asked) => (isServices(asked) ? { status: 401 } : undefined),
    });
    await expect(readCluster(target)).rejects.toThrow('refuses the credentials of context "test" (401)');
  });
});
