import { describe, expect, it } from 'vitest';
import type { Workload } from '#mesh/mesh.js';
import { workloadMemo } from '#policy/memo.js';
import { meshOf } from '../mesh/mesh-of.js';

const pod = (name: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop }
spec: { containers: [{ name: app }] }
---`;

describe('workloadMemo', () => {
  const mesh = meshOf(`${pod('a')}${pod('b')}${pod('c')}`);
  const setup = () => {
    const asked: string[] = [];
    const nameOf = workloadMemo(mesh, (workload: Workload) => {
      asked.push(workload.id);
      return { name: workload.name };
    });
    return { asked, nameOf };
  };

  it('numbers the workloads of a mesh', () => {
    expect(mesh.workloads.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2]);
  });

  it('computes once for each workload, in whichever order they come', () => {
    const { asked, nameOf } = setup();
    const order = [...mesh.workloads].reverse();
    expect([...order, ...order].map((workload) => nameOf(workload).name)).toEqual([
      'c',
      'b',
      'a',
      'c',
      'b',
      'a',
    ]);
    expect(asked).toHaveLength(3);
  });

  it('never takes one workload for another of the same place', () => {
    const { asked, nameOf } = setup();
    const other = meshOf(pod('z')).workloads;
    const alone = other.map((workload) => ({ ...workload, name: 'alone', ordinal: -1 }));
    const all = [...mesh.workloads, ...other, ...alone, ...other, ...alone];
    expect(all.map((workload) => nameOf(workload).name)).toEqual(['a', 'b', 'c', 'z', 'alone', 'z', 'alone']);
    expect(asked).toHaveLength(5);
  });
});
