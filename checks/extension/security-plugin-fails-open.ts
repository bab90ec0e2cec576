import { defineCheck, describe, fail, notApplicable, objectAt, pass, resources, stringAt } from '#check';
import type { Resource } from '#check';

const phases = new Set(['AUTHN', 'AUTHZ']);

/** Where a plugin says how it fails: a TrafficExtension has that below `wasm`. */
const placeOf = ({ kind }: Resource): readonly string[] =>
  kind === 'WasmPlugin' ? ['spec'] : ['spec', 'wasm'];

export default defineCheck({
  meta: {
    id: 'EXT-004',
    title: 'Plugin for authentication or authorization fails open',
    severity: 'high',
    confidence: 'medium',
    examines: 'WasmPlugins and TrafficExtensions of phase AUTHN or AUTHZ',
    messages: {
      open: '{plugin} runs in phase {phase} with failStrategy FAIL_OPEN: when the module can not be fetched or crashes, requests pass without its check.',
    },
    remediation: 'Set failStrategy of {plugin} to FAIL_CLOSE (or FAIL_RELOAD).',
    controls: ['nist-800-53-r5/AC-3'],
  },
  subjects: (context) => [
    ...resources(context, 'extensions.istio.io', 'WasmPlugin'),
    ...resources(context, 'extensions.istio.io', 'TrafficExtension'),
  ],
  judge: (plugin, { mesh }) => {
    const phase = stringAt(plugin.object, 'spec', 'phase') ?? '';
    const path = placeOf(plugin);
    if (!phases.has(phase) || objectAt(plugin.object, ...path) === undefined)
      return notApplicable('plugin is not of a security phase');
    if (stringAt(plugin.object, ...path, 'failStrategy') !== 'FAIL_OPEN') return pass;
    return fail({
      message: 'open',
      at: { resource: plugin, path: [...path, 'failStrategy'] },
      data: { plugin: describe(mesh, plugin), phase },
    });
  },
});
