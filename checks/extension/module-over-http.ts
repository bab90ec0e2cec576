import { allOf, defineCheck, describe, fail, notApplicable, pass, resources, wasmModules } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-003',
    title: 'Wasm module is fetched without TLS',
    severity: 'high',
    confidence: 'high',
    examines: 'WasmPlugins, TrafficExtensions and EnvoyFilters that load Wasm modules',
    messages: {
      plaintext:
        '{object} fetches {url} in plaintext: somebody on the way can put other code into every proxy that the object selects.',
    },
    remediation: 'Fetch the module by https:// or oci:// in {object}, and set sha256.',
    controls: ['nist-800-53-r5/SI-7', 'nist-800-53-r5/SC-8(1)'],
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
      modules.map(({ url, plaintext, pinned, at }) =>
        plaintext && !pinned
          ? fail({ message: 'plaintext', at, data: { object: describe(mesh, object), url } })
          : pass,
      ),
    );
  },
});
