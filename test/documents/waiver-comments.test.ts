import { describe, expect, it } from 'vitest';
import { loadTexts } from './load-texts.js';

const text = `# meshaudit:waive GW-001: whole object
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
spec:
  # meshaudit:waive MTLS-001: until we move
  # (see the ticket)
  mtls:
    mode: PERMISSIVE # meshaudit:waive MTLS-003: agreed
  # meshaudit:waive MTLS-002: another field
  selector: {}
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
`;

const waived = async (path: readonly string[], given = text, index = 0): Promise<readonly string[]> => {
  const { resources, waiverComments } = await loadTexts({ 'a.yaml': given });
  const resource = resources[index];
  if (resource === undefined) throw new Error('nothing was read');
  return waiverComments({ resource, path });
};

describe('waiver comments', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['above everything, for the whole object', ['metadata', 'name'], ['GW-001: whole object']],
    ['in the lines right above', ['spec', 'mtls'], ['GW-001: whole object', 'MTLS-001: until we move']],
    ['behind the field', ['spec', 'mtls', 'mode'], ['GW-001: whole object', 'MTLS-003: agreed']],
    ['only where they stand', ['spec', 'selector'], ['GW-001: whole object', 'MTLS-002: another field']],
  ])('are found %s', async (_, path, expected) => {
    expect(await waived(path)).toEqual(expected);
    expect(await waived(path, text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('say nothing about the next document', async () => {
    expect(await waived(['metadata'], text, 1)).toEqual([]);
  });

  it('need the mark', async () => {
    expect(await waived(['spec', 'mtls'], text.replaceAll('meshaudit:waive', 'waive'))).toEqual([]);
  });
});
