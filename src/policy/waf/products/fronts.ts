import type { FrontMark, FrontMode, FrontReference, WafProduct } from '#policy/waf/product.js';
import { cloudProducts } from './clouds.js';
import { traefikPlugin } from './traefik.js';

const unseen: FrontMode = { otherwise: 'unseen' };

/** How a policy of NGINX App Protect enforces: it blocks unless it says otherwise. */
const enforcement: FrontMode = {
  field: 'spec.policy.enforcementMode',
  blocks: ['blocking'],
  detects: ['transparent'],
  otherwise: 'blocks',
};

const ofPolicy: FrontReference = { kind: 'appprotect.f5.com/APPolicy', fields: ['spec.waf.apPolicy'] };

const policiesAt = (path: string): FrontReference => ({
  kind: 'k8s.nginx.org/Policy',
  fields: [path],
  holds: 'spec.waf.enable',
});

const virtualServer: FrontMark = {
  kinds: ['k8s.nginx.org/VirtualServer'],
  // A policy that is not in the input counts by its name.
  fieldValue: '*waf*',
  mode: enforcement,
  covers: 'upstreams',
  upstreams: ['spec.upstreams.*.service'],
};

/** Ingress controllers with an engine of their own, in front of the mesh. */
const ingressControllers: readonly WafProduct[] = [
  {
    id: 'nginx-app-protect',
    name: 'F5 NGINX App Protect',
    agent: { images: ['*nap/waf-enforcer', '*nap/waf-config-mgr'], defaultMode: 'module' },
    fronts: [
      {
        on: ['Ingress'],
        annotation: { name: 'appprotect.f5.com/app-protect-enable', value: 'true' },
        refers: [{ kind: 'appprotect.f5.com/APPolicy', annotation: 'appprotect.f5.com/app-protect-policy' }],
        mode: enforcement,
      },
      ...['nginx.com/policies', 'nginx.org/policies'].map((annotation): FrontMark => ({
        on: ['Ingress'],
        annotation: { name: annotation },
        refers: [{ kind: 'k8s.nginx.org/Policy', annotation, holds: 'spec.waf.enable' }, ofPolicy],
        fieldValue: '*waf*',
        mode: enforcement,
      })),
      { ...virtualServer, refers: [policiesAt('spec.policies.*'), ofPolicy] },
      {
        ...virtualServer,
        refers: [policiesAt('spec.routes.*.policies.*'), ofPolicy],
        leavesOut: 'routes of the virtual server that do not name it',
      },
      { kinds: ['k8s.nginx.org/Policy'], field: 'spec.waf', mode: unseen },
      { kinds: ['appprotect.f5.com/APPolicy'], mode: enforcement },
    ],
  },
  {
    id: 'ingress-nginx-modsecurity',
    name: 'ModSecurity of ingress-nginx',
    fronts: [
      {
        on: ['Ingress'],
        annotation: { name: 'nginx.ingress.kubernetes.io/enable-modsecurity', value: 'true' },
        mode: {
          annotation: 'nginx.ingress.kubernetes.io/modsecurity-snippet',
          directives: true,
          otherwise: 'detects',
        },
      },
      {
        kinds: ['/ConfigMap'],
        field: 'data.enable-modsecurity',
        fieldValue: 'true',
        covers: 'ingress-classes',
        classes: ['nginx', 'nginx-*', 'ingress-nginx'],
        unless: 'nginx.ingress.kubernetes.io/enable-modsecurity',
        mode: {
          field: 'data.modsecurity-snippet',
          directives: true,
          otherwise: 'detects',
        },
      },
    ],
  },
  {
    id: 'f5-big-ip',
    name: 'F5 BIG-IP Advanced WAF',
    fronts: [
      {
        kinds: ['cis.f5.com/VirtualServer'],
        field: 'spec.waf',
        covers: 'upstreams',
        upstreams: ['spec.pools.*.service'],
        mode: unseen,
      },
      {
        kinds: ['cis.f5.com/VirtualServer'],
        refers: [{ kind: 'cis.f5.com/Policy', fields: ['spec.policyName'], holds: 'spec.l7Policies.waf' }],
        covers: 'upstreams',
        upstreams: ['spec.pools.*.service'],
        mode: unseen,
      },
    ],
  },
  {
    id: 'bunkerweb',
    name: 'BunkerWeb',
    agent: {
      images: ['*bunkerity/bunkerweb'],
      defaultMode: 'reverse-proxy',
      defaultPorts: { 'reverse-proxy': 8080 },
      detectsOnly: ['DetectionOnly', 'Off'].map((value) => ({ env: ['MODSECURITY_SEC_RULE_ENGINE'], value })),
    },
    fronts: [{ on: ['Ingress'], annotation: { name: 'bunkerweb.io/*' }, mode: unseen }],
  },
  {
    id: 'traefik-coraza',
    name: 'Coraza of Traefik',
    fronts: traefikPlugin('spec.plugin.coraza', {
      rules: { fields: ['spec.plugin.coraza.directives'], engine: 'On' },
    }),
  },
  {
    id: 'ambassador',
    name: 'Ambassador Edge Stack WAF',
    fronts: [
      {
        kinds: [
          'gateway.getambassador.io/WebApplicationFirewall',
          'gateway.getambassador.io/WebApplicationFirewallPolicy',
        ],
        mode: unseen,
      },
    ],
  },
  {
    id: 'airlock',
    name: 'Airlock Microgateway',
    fronts: [
      { kinds: ['microgateway.airlock.com/ContentSecurityPolicy'], covers: 'targets', mode: unseen },
      {
        kinds: [
          'microgateway.airlock.com/ContentSecurity',
          'microgateway.airlock.com/DenyRules',
          'microgateway.airlock.com/OpenAPI',
        ],
        mode: unseen,
      },
    ],
  },
];

/** Engines that look at the pods' traffic from the node. */
const nodes: readonly WafProduct[] = [
  {
    id: 'neuvector',
    name: 'NeuVector',
    agent: { images: ['*neuvector/enforcer'], unproven: true },
    fronts: [{ kinds: ['neuvector.com/NvWafSecurityRule'], mode: unseen }],
  },
];

/** Products in front of the mesh or beside it. */
export const frontProducts: readonly WafProduct[] = [...cloudProducts, ...ingressControllers, ...nodes];
