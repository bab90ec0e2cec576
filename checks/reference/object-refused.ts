import {
  channelEvidence,
  defineCheck,
  dependsOnChannel,
  describe,
  fail,
  fieldName,
  notApplicable,
  pass,
  startsWithPath,
  templateVariableIn,
  templateVariableWithin,
  toldElsewhere,
  unknown,
  validated,
  valueAt,
} from '#check';
import type { Invalidity, Validation } from '#check';

/**
 * One error for each field: what else is wrong with it follows from the first, or shows when that is mended. Webhooks
 * are asked last, so what they say of a field that the schema refuses says the same again.
 */
function distinct({ schema, webhook }: Validation): readonly Invalidity[] {
  const own = (webhook?.errors ?? []).filter(
    ({ path }) =>
      !schema.some((error) => startsWithPath(path, error.path) || startsWithPath(error.path, path)),
  );
  const first = new Map<string, Invalidity>();
  for (const error of [...schema, ...own]) {
    const field = fieldName(error.path);
    if (error.suggestion !== undefined || !first.has(field)) first.set(field, error);
  }
  return [...first.values()];
}

/** A reason in which long lists of allowed values are cut short. */
const shortened = (reason: string): string =>
  reason
    .replace(/((?:"[^"]*", ){4})(?:"[^"]*", ){4,}"[^"]*"/, (_, start: string) => `${start}…`)
    .replace(/\.$/, '');

export default defineCheck({
  meta: {
    id: 'REF-002',
    title: 'Object would be refused',
    severity: 'high',
    confidence: 'high',
    examines: 'objects of kinds that Istio reads',
    messages: {
      refused:
        '{object} would be refused: {reason}. What is refused takes no part in the verdicts of this audit.',
      stored: '{object} would be refused if applied now, although stored: {reason}.',
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
    const all = distinct(validation);
    if (all.length === 0) return pass;
    const isTold = takesPart ? toldElsewhere(mesh, resource) : () => false;
    const errors = all.filter((error) => !isTold(error) && !dependsOnChannel(mesh, resource, error));
    if (errors.length === 0 && all.some((error) => dependsOnChannel(mesh, resource, error)))
      return unknown([channelEvidence]);
    if (errors.some(({ code }) => code === 'removed-api')) return notApplicable('API is removed');
    if (errors.length === 0) return notApplicable('fault is judged by a check of its own');
    const variableAt = ({ path, message }: Invalidity) =>
      (message.includes(' alternatives ') ? templateVariableWithin : templateVariableIn)(
        valueAt(resource.object, path),
      ) ?? /\$\{[^}]*\}/.exec(message)?.[0];
    const real = errors.filter((error) => variableAt(error) === undefined);
    if (real.length === 0) {
      const names = errors.map(variableAt).filter((name) => name !== undefined);
      return unknown(names.map((name) => ({ key: 'template-variable', text: `value of ${name}` })));
    }
    return fail(
      ...real.map(({ path, message, suggestion }) => ({
        message: takesPart ? ('stored' as const) : ('refused' as const),
        at: { resource, path },
        like: JSON.stringify([resource.origin.file, resource.kind, message]),
        data: {
          object: describe(mesh, resource),
          reason: shortened(message),
          field: path.length === 0 ? 'the manifest' : fieldName(path),
          ...(suggestion === undefined ? {} : { suggestion }),
        },
        ...(suggestion === undefined
          ? {}
          : { remediation: 'Correct {field} of {object}: {suggestion} is probably meant.' }),
        ...(takesPart ? { severity: 'medium' as const } : {}),
      })),
    );
  },
});
