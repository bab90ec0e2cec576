import { describe, expect, it } from 'vitest';
import { catalogue } from '#checks';
import { controlOf } from '#controls/controls.js';
import { controlLinks, namedChecks, namedControls } from '#controls/links.js';

const relationOf = (id: string, controls: readonly string[], control: string): string | undefined =>
  controlLinks({ id, controls }).find((link) => link.control === control)?.relation;

describe('the controls of a check', () => {
  it('are those it names and those that ask the same', () => {
    const links = controlLinks({ id: 'X-001', controls: ['nist-800-53-r5/SC-8(1)'] });
    const ids = links.map(({ control }) => control);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toEqual(
      expect.arrayContaining([
        'nist-800-53-r5/SC-8(1)',
        'pci-dss-4.0.1/4.2.1',
        'hipaa/164.312(e)(1)',
        'fedramp-r5/SC-8',
      ]),
    );
  });

  it('follow what they imply in turn', () => {
    expect(relationOf('X-001', ['istio-best-practices/strict-mtls'], 'soc2-2017/CC6.7')).toBe('partial');
  });

  it('are in FedRAMP where FedRAMP has the control', () => {
    expect(relationOf('X-001', ['nist-800-53-r5/AC-3'], 'fedramp-r5/AC-3')).toBe('partial');
    expect(relationOf('X-001', ['nist-800-53-r5/IA-9'], 'fedramp-r5/IA-9')).toBeUndefined();
  });

  it('are shown wholly by the checks that do', () => {
    const control = 'istio-best-practices/strict-mtls';
    expect(relationOf('MTLS-001', [], control)).toBe('full');
    expect(relationOf('X-001', [control], control)).toBe('partial');
  });

  it('are no more than evidence where no manifest proves the control', () => {
    expect(relationOf('X-001', ['nist-800-53-r5/CM-6'], 'nist-800-53-r5/CM-6')).toBe('evidence');
  });

  it('exist, in the tables and for every check', () => {
    const all = [
      ...namedControls(),
      ...catalogue.flatMap(({ meta }) => controlLinks(meta).map(({ control }) => control)),
    ];
    expect(all.filter((id) => controlOf(id) === undefined)).toEqual([]);
  });

  it('are claimed wholly by checks that exist', () => {
    const ids = catalogue.map(({ meta }) => meta.id);
    expect(namedChecks().filter((id) => !ids.includes(id))).toEqual([]);
  });
});
