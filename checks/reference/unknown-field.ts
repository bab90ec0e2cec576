import {
  channelEvidence,
  defineCheck,
  dependsOnChannel,
  describe,
  fail,
  fieldName,
  notApplicable,
  pass,
  templateVariableIn,
  toldElsewhere,
  unknown,
  validated,
  valueAt,
} from '#check';
import type { Invalidity } from '#check';

/** Fields that Istio once had, and what took their place (networking/v1alpha3 of istio/api). */
const formerFields: ReadonlyMap<string, string> = new Map([
  ['EnvoyFilter.spec.workloadLabels', 'spec.workloadSelector.labels'],
  ['EnvoyFilter.spec.filters', 'spec.configPatches'],
  ['ServiceEntry.spec.discovery', 'spec.resolution'],
  ['VirtualService.spec.http.appendHeaders', 'headers.request.add'],
  ['VirtualService.spec.http.appendRequestHeaders', 'headers.request.add'],
  ['VirtualService.spec.http.removeRequestHeaders', 'headers.request.remove'],
  ['VirtualService.spec.http.appendResponseHeaders', 'headers.response.add'],
  ['VirtualService.spec.http.removeResponseHeaders', 'headers.response.remove'],
]);

/** What the author seems to have meant: the successor of a former field, else a known name that is spelt alike. */
function meant(kind: string, { path, suggestion }: Invalidity): string | undefined {
  const names = path.filter((step) => typeof step === 'string').join('.');
  return formerFields.get(`${kind}.${names}`) ?? suggestion;
}

/** Indented too little: the object is refused for its lack of a name, which another check tells. */
const belongsToMetadata = ({ path }: Invalidity): boolean =>
  path.length === 1 && /^(?:name|namespace|labels|annotations)$/.test(String(path[0]));

/** Writes down what was meant, where that is known. */
function towards(suggestion: string | undefined) {
  if (suggestion === undefined) return {};
  return { remediation: 'Write {suggestion} instead of {field} in {object}, or remove it.' };
}

export default defineCheck({
  meta: {
    id: 'REF-003',
    title: 'Unknown field is dropped',
    severity: 'medium',
    confidence: 'high',
    examines: 'objects of kinds that Istio reads',
    messages: {
      dropped:
        'Unknown field {field} in {object}: dropped when the object is stored, so that what it says does not happen.',
    },
    remediation: 'Remove {field} from {object}, or write the field that is meant.',
    controls: [
      'nist-800-53-r5/CM-6',
      'cis-controls-8.1/4.1',
      'iso-27001-2022/A.8.9',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: validated,
  judge: ({ resource, validation, takesPart }, { mesh }) => {
    if (validation.unknownFields.length === 0) return pass;
    const isTold = takesPart ? toldElsewhere(mesh, resource) : () => false;
    const unknownFields = validation.unknownFields.filter(
      (field) => !isTold(field) && !(resource.name === '' && belongsToMetadata(field)),
    );
    if (unknownFields.length === 0) return notApplicable('field is judged by a check of its own');
    const settled = unknownFields.filter((field) => !dependsOnChannel(mesh, resource, field));
    if (settled.length === 0) return unknown([channelEvidence]);
    const variableAt = ({ path }: Invalidity) =>
      templateVariableIn(valueAt(resource.object, path.slice(0, -1)));
    const variables = settled.map(variableAt).filter((name) => name !== undefined);
    const real = settled.filter((field) => variableAt(field) === undefined);
    if (real.length === 0)
      return unknown(variables.map((name) => ({ key: 'template-variable', text: `value of ${name}` })));
    return fail(
      ...real.map((invalid) => {
        const { path } = invalid;
        const suggestion = meant(resource.kind, invalid);
        return {
          message: 'dropped' as const,
          at: { resource, path },
          like: JSON.stringify([
            resource.origin.file,
            resource.kind,
            path.filter((step) => typeof step === 'string'),
          ]),
          data: {
            object: describe(mesh, resource),
            field: fieldName(path),
            ...(suggestion === undefined ? {} : { suggestion }),
          },
          ...towards(suggestion),
          ...(resource.group === 'security.istio.io' ? { severity: 'high' as const } : {}),
        };
      }),
    );
  },
});
