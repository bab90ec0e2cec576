import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  ruleHost,
  templateVariableIn,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'DR-006',
    title: 'DestinationRule is for no host of the mesh',
    severity: 'medium',
    confidence: 'high',
    examines: 'DestinationRules',
    messages: {
      shortened:
        'Host {host} of {rule} has a dot and is taken as it stands: it is not {service}, and the rule does nothing.',
      alias:
        '{rule} is for {service}, which only stands for another name: clients have no cluster for it, and the TLS settings do nothing.',
      absent: 'Neither a Service nor a ServiceEntry has host {host}: {rule} does nothing.',
    },
    remediation:
      'Write into {rule} the full name of the Service (<name>.<namespace>.svc.<domain>), or add a ServiceEntry for {host}.',
    controls: [
      'nist-800-53-r5/CM-6',
      'nist-800-53-r5/SC-8(1)',
      'istio-best-practices/validate-configuration',
    ],
    aliases: ['IST0174', 'KIA0202'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const { host, tls } = policies.destination(rule);
    const variable = templateVariableIn(host);
    if (variable !== undefined) return unknown([{ key: 'template-variable', text: `value of ${variable}` }]);
    const found = ruleHost(mesh, rule);
    if (found.state === 'found') return pass;
    if (found.state === 'wildcard') return notApplicable('rule is for a range of hosts');
    const at = { resource: rule, path: ['spec', 'host'] };
    const data = { rule: describe(mesh, rule), host };
    const severity = tls.every(({ mode }) => mode === 'DISABLE') ? { severity: 'low' as const } : {};
    if (found.state === 'absent')
      return mesh.scope === 'complete'
        ? fail({ message: 'absent', at, data, ...severity })
        : unknown([{ key: 'service', text: `Service or ServiceEntry of host ${host}` }]);
    if (found.state === 'alias' && tls.length === 0) return notApplicable('rule has no TLS settings');
    const service = describe(mesh, found.service.resource);
    const remediation =
      found.state === 'alias'
        ? {
            remediation:
              'Move the TLS settings into a DestinationRule for the name that {service} stands for (with a ServiceEntry, if that is outside of the mesh), or delete {rule}.',
          }
        : {};
    return fail({ message: found.state, at, data: { ...data, service }, ...severity, ...remediation });
  },
});
