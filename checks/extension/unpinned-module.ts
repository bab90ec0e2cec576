import { allOf, defineCheck, describe, fail, notApplicable, pass, resources, wasmModules } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-002',
    title: 'Wasm module is not pinned to its content',
    severity: 'medium',
    confidence: 'high',
    examines: 'WasmPlugins, TrafficExtensions and EnvoyFilters that load Wasm modules',
    messages: {
      unpinned:
        '{object} loads {url} without a digest: whoever can replace it there runs code in every proxy that the object selects.',
    },
    remediation:
      'Name the content of {url} in {object}: sha256 with its digest, or @sha256:… in place of the tag of an OCI image.',
    controls: ['nist-800-53-r5/SI-7', 'nist-800-53-r5/CM-7'],
  },
  subjects: (context) => [
    ...resources(context, 'extensions.istio.io', 'WasmPlugin'),
    ...resources(context, 'extensions.istio.io', 'TrafficExtension'),
    ...resources(context, 'networking.istio.io', 'EnvoyFilter'),
  ],
  judge: (object, { mesh }) => {
    const modules = wasmModules(object);
    if (modules.length === 0) return notApplicable('object loads no Wasm module');
    return allOf(
      modules.map(({ url, pinned, at }) =>
        pinned ? pass : fail({ message: 'unpinned', at, data: { object: describe(mesh, object), url } }),
      ),
    );
  },
});
