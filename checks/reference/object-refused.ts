import {
  defineCheck,
  describe,
  fail,
  fieldName,
  notApplicable,
  pass,
  templateVariableIn,
  unknown,
  validated,
  valueAt,
} from '#check';
import type { Invalidity } from '#check';

/** One error for each field: what else is wrong with it follows from the first, or shows when that is mended. */
function firstOfEachField(errors: readonly Invalidity[]): readonly Invalidity[] {
  const first = new Map<string, Invalidity>();
  for (const error of errors) {
    const field = fieldName(error.path);
    if (error.suggestion !== undefined || !first.has(field)) first.set(field, error);
  }
  return [...first.values()];
}

export default defineCheck({
  meta: {
    id: 'REF-002',
    title: 'Object would be refused',
    severity: 'high',
    confidence: 'high',
    examines: 'objects of kinds that Istio reads',
    messages: {
      refused: '{object} would be refused: {reason}. It takes no part in the verdicts of this audit.',
      stored: '{object} is stored, but would be refused if it were applied now: {reason}.',
    },
    remediation: 'Correct {field} of {object}.',
    controls: [
      'nist-800-53-r5/CM-6',
      'cis-controls-8.1/4.1',
      'iso-27001-2022/A.8.9',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: validated,
  judge: ({ resource, validation, takesPart }, { mesh }) => {
    const errors = [...validation.schema, ...(validation.webhook?.errors ?? [])];
    if (errors.some(({ code }) => code === 'removed-api')) return notApplicable('API is removed');
    if (errors.length === 0) return pass;
    const variableAt = ({ path, message }: Invalidity) =>
      templateVariableIn(valueAt(resource.object, path)) ?? /\$\{[^}]*\}/.exec(message)?.[0];
    const real = firstOfEachField(errors.filter((error) => variableAt(error) === undefined));
    if (real.length === 0) {
      const names = errors.map(variableAt).filter((name) => name !== undefined);
      return unknown(names.map((name) => ({ key: 'template-variable', text: `value of ${name}` })));
    }
    return fail(
      ...real.map(({ path, message, suggestion }) => ({
        message: takesPart ? ('stored' as const) : ('refused' as const),
        at: { resource, path },
        data: {
          object: describe(mesh, resource),
          reason: message.replace(/\.$/, ''),
          field: path.length === 0 ? 'the object' : fieldName(path),
          suggestion: suggestion ?? '',
        },
        ...(suggestion === undefined
          ? {}
          : { remediation: 'Correct {field} of {object}; probably meant: {suggestion}.' }),
        ...(takesPart ? { severity: 'medium' as const } : {}),
      })),
    );
  },
});
