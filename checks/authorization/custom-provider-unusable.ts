import {
  actionOf,
  defineCheck,
  describe,
  externalAuthorizer,
  fail,
  notApplicable,
  pass,
  portsOfHost,
  resources,
  stringAt,
  unknown,
} from '#check';
import type { ExternalAuthorizer, Mesh, Resource } from '#check';

/** The port is not looked up: a wrong one makes a cluster that does not exist. */
function judgePort(policy: Resource, { name, host, port, failOpen, at }: ExternalAuthorizer, mesh: Mesh) {
  const ports = portsOfHost(mesh, host);
  if (ports === undefined || ports === 'any' || ports.length === 0 || ports.includes(port)) return pass;
  const data = { policy: describe(mesh, policy), provider: name, port, host, ports: ports.join(', ') };
  return fail({
    message: failOpen ? 'unchecked' : 'wrong-port',
    at: { resource: policy, path: ['spec', 'provider', 'name'] },
    data,
    remediation: 'Set the port of extension provider {provider} to one that {host} has ({ports}).',
    ...(failOpen ? { severity: 'high' as const } : {}),
    ...(at === undefined ? {} : { related: [{ at, note: 'definition of the provider' }] }),
  });
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-016',
    title: 'External authorizer can not be asked',
    severity: 'medium',
    confidence: 'high',
    examines: 'CUSTOM policies',
    messages: {
      broken:
        '{policy} names provider {provider}, which can not be used ({reason}): what the rules match is refused, nothing is ever checked.',
      'wrong-port':
        '{policy} names provider {provider} at port {port} of {host}, which has {ports} only: what the rules match is refused, nothing is ever checked.',
      unchecked:
        '{policy} names provider {provider} at port {port} of {host}, which has {ports} only, and fails open: what the rules match is let in, nothing is ever checked.',
    },
    remediation:
      'Define {provider} under extensionProviders of the mesh configuration with a service that exists, or name another provider in {policy}.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/CM-6',
      'pci-dss-4.0.1/7.3.2',
      'istio-best-practices/validate-configuration',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    if (actionOf(policy) !== 'CUSTOM') return notApplicable('action is not CUSTOM');
    const provider = stringAt(policy.object, 'spec', 'provider', 'name') ?? '';
    const resolved = externalAuthorizer(mesh, provider);
    if (resolved.state === 'usable') return judgePort(policy, resolved.authorizer, mesh);
    if (resolved.state === 'unknown') return unknown([resolved.missing]);
    if (resolved.at === undefined && mesh.scope === 'partial')
      return unknown([{ key: 'mesh-config', text: `definition of extension provider ${provider}` }]);
    return fail({
      message: 'broken',
      at: { resource: policy, path: ['spec', 'provider', 'name'] },
      data: { policy: describe(mesh, policy), provider, reason: resolved.reason },
      ...(resolved.at === undefined
        ? {}
        : { related: [{ at: resolved.at, note: 'definition of the provider' }] }),
    });
  },
});
