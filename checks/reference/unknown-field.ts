import {
  defineCheck,
  describe,
  fail,
  fieldName,
  pass,
  templateVariableIn,
  unknown,
  validated,
  valueAt,
} from '#check';
import type { Invalidity } from '#check';

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
  judge: ({ resource, validation: { unknownFields } }, { mesh }) => {
    if (unknownFields.length === 0) return pass;
    const variableAt = ({ path }: Invalidity) =>
      templateVariableIn(valueAt(resource.object, path.slice(0, -1)));
    const variables = unknownFields.map(variableAt).filter((name) => name !== undefined);
    const real = unknownFields.filter((field) => variableAt(field) === undefined);
    if (real.length === 0)
      return unknown(variables.map((name) => ({ key: 'template-variable', text: `value of ${name}` })));
    return fail(
      ...real.map(({ path, suggestion }) => ({
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
        ...(suggestion === undefined
          ? {}
          : { remediation: 'Write {suggestion} instead of {field} in {object}, or remove it.' }),
        ...(resource.group === 'security.istio.io' ? { severity: 'high' as const } : {}),
      })),
    );
  },
});
