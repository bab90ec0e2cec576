import { bindings, defineCheck, fail, grantsBy, isAnybody, notApplicable, pass, reachesMesh } from '#check';
import type { Failure, Grant, Severity } from '#check';

function nameOf({ kind, namespace, name }: Grant['holder']): string {
  return kind === 'ServiceAccount' ? `service account ${namespace}/${name}` : `${kind.toLowerCase()} ${name}`;
}

const isCallerOfAnyKind = ({ kind, name }: Grant['holder']): boolean =>
  kind !== 'ServiceAccount' && /^system:(?:anonymous|unauthenticated|authenticated)$/.test(name);

/** A default account that is bound in one namespace is as good as the pods of that namespace. */
function severityOf(grants: readonly Grant[]): Severity {
  if (grants.some(({ holder }) => isCallerOfAnyKind(holder))) return 'critical';
  const isLocal = grants.every(
    ({ holder, namespace }) => holder.kind === 'ServiceAccount' && namespace === holder.namespace,
  );
  if (!isLocal) return 'high';
  return grants.every(({ power }) => power === 'secrets') ? 'low' : 'medium';
}

export default defineCheck({
  meta: {
    id: 'ID-007',
    title: 'Anybody may change the mesh or take its keys',
    severity: 'high',
    confidence: 'high',
    examines: 'role bindings',
    messages: {
      anybody:
        '{holder} may, by role {role}, {powers}: that is nobody in particular, and so every pod or caller that falls under it.',
    },
    remediation:
      'Bind role {role} to the one account that needs it, instead of {holder}; give that account no more than it needs.',
    controls: [
      'nist-800-53-r5/AC-6(10)',
      'cis-kubernetes-2.0.1/5.1.2',
      'nist-800-53-r5/AC-6',
      'nist-800-53-r5/AC-3',
      'pci-dss-4.0.1/7.2.2',
      'cis-controls-8.1/6.8',
      'iso-27001-2022/A.8.3',
    ],
  },
  subjects: bindings,
  judge: (binding, { mesh }) => {
    const grants = grantsBy(mesh, binding).filter((grant) => reachesMesh(mesh, grant));
    if (grants.length === 0) return notApplicable('binding gives no power over the mesh');
    const open = grants.filter(({ holder }) => isAnybody(holder));
    const [first] = open;
    if (first === undefined) return pass;
    const holders = [...new Set(open.map(({ holder }) => holder))];
    return fail(
      ...holders.map((holder): Failure<'anybody'> => {
        const texts = open.filter((grant) => grant.holder === holder).map(({ text }) => text);
        const powers = texts.length > 3 ? `${texts.slice(0, 3).join(', ')} and more` : texts.join(', ');
        return {
          message: 'anybody',
          at: holder.at,
          severity: severityOf(open.filter((grant) => grant.holder === holder)),
          data: { holder: nameOf(holder), role: first.role, powers },
        };
      }),
    );
  },
});
