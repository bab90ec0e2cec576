import type { FrontMark, FrontMode, WafProduct } from '#policy/waf/product.js';

/** Rules of cloud providers' WAFs are kept with the provider: manifests show that there is one, not what it does. */
const unseen: FrontMode = { otherwise: 'unseen' };

const onIngress = (name: string): FrontMark => ({ on: ['Ingress'], annotation: { name }, mode: unseen });

/** Cloud WAFs on the load balancers in front of a gateway. */
const cloud: readonly WafProduct[] = [
  {
    id: 'aws-waf',
    name: 'AWS WAF',
    fronts: [
      onIngress('alb.ingress.kubernetes.io/wafv2-acl-arn'),
      onIngress('alb.ingress.kubernetes.io/wafv2-acl-name'),
      onIngress('alb.ingress.kubernetes.io/waf-acl-id'),
      onIngress('alb.ingress.kubernetes.io/web-acl-id'),
      {
        kinds: ['elbv2.k8s.aws/IngressClassParams'],
        field: 'spec.wafv2AclArn',
        covers: 'ingress-class',
        mode: unseen,
      },
      {
        kinds: ['elbv2.k8s.aws/IngressClassParams'],
        field: 'spec.wafv2AclName',
        covers: 'ingress-class',
        mode: unseen,
      },
      { kinds: ['gateway.k8s.aws/LoadBalancerConfiguration'], field: 'spec.wafV2', mode: unseen },
    ],
  },
  {
    id: 'cloud-armor',
    name: 'Google Cloud Armor',
    fronts: [
      {
        kinds: ['cloud.google.com/BackendConfig'],
        field: 'spec.securityPolicy.name',
        covers: 'referring-services',
        referredBy: ['cloud.google.com/backend-config', 'beta.cloud.google.com/backend-config'],
        mode: unseen,
      },
      {
        kinds: ['networking.gke.io/GCPBackendPolicy'],
        field: 'spec.default.securityPolicy',
        covers: 'targets',
        mode: unseen,
      },
    ],
  },
  {
    id: 'azure-waf',
    name: 'Azure Web Application Firewall',
    fronts: [
      onIngress('appgw.ingress.kubernetes.io/waf-policy-for-path'),
      {
        kinds: ['alb.networking.azure.io/WebApplicationFirewallPolicy'],
        field: 'spec.webApplicationFirewall.id',
        covers: 'targets',
        mode: unseen,
      },
    ],
  },
];

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
        mode: unseen,
      },
      {
        kinds: ['k8s.nginx.org/VirtualServer'],
        field: 'spec.policies.*.name',
        fieldValue: '*waf*',
        covers: 'upstreams',
        upstreams: ['spec.upstreams.*.service'],
        mode: unseen,
      },
      { kinds: ['k8s.nginx.org/Policy'], field: 'spec.waf', mode: unseen },
      {
        kinds: ['appprotect.f5.com/APPolicy'],
        mode: {
          field: 'spec.policy.enforcementMode',
          blocks: ['blocking'],
          detects: ['transparent'],
          otherwise: 'blocks',
        },
      },
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
          detects: ['*SecRuleEngine DetectionOnly*', '*SecRuleEngine Off*'],
          blocks: ['*SecRuleEngine On*'],
          otherwise: 'detects',
        },
      },
      {
        kinds: ['/ConfigMap'],
        field: 'data.enable-modsecurity',
        fieldValue: 'true',
        mode: {
          field: 'data.modsecurity-snippet',
          detects: ['*SecRuleEngine DetectionOnly*', '*SecRuleEngine Off*'],
          blocks: ['*SecRuleEngine On*'],
          otherwise: 'detects',
        },
      },
    ],
  },
  {
    id: 'bunkerweb',
    name: 'BunkerWeb',
    agent: { images: ['*bunkerity/bunkerweb'], defaultMode: 'reverse-proxy' },
    fronts: [onIngress('bunkerweb.io/*')],
  },
  {
    id: 'traefik-coraza',
    name: 'Coraza of Traefik',
    fronts: [
      {
        kinds: ['traefik.io/Middleware', 'traefik.containo.us/Middleware'],
        field: 'spec.plugin.coraza',
        mode: unseen,
      },
    ],
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
export const frontProducts: readonly WafProduct[] = [...cloud, ...ingressControllers, ...nodes];
