import type { FrontMark, FrontMode, WafProduct } from '#policy/waf/product.js';

/** Rules of cloud providers' WAFs are kept with the provider: manifests show that there is one, not what it does. */
const unseen: FrontMode = { otherwise: 'unseen' };

const onIngress = (name: string): FrontMark => ({ on: ['Ingress'], annotation: { name }, mode: unseen });

/** Web ACLs of CloudFront are global, and no load balancer can have one. */
const regional = { values: ['*:global/*'], how: 'a global web ACL can not be attached to a load balancer' };

/** An annotation of the AWS load balancer controller: what one Ingress of a group says holds for the load balancer of all. */
const onAlb = (name: string): FrontMark => ({
  ...onIngress(`alb.ingress.kubernetes.io/${name}`),
  inert: regional,
  unmanaged: {
    images: ['*aws-load-balancer-controller'],
    args: [name.startsWith('wafv2') ? '--enable-wafv2=false' : '--enable-waf=false'],
    text: 'the web ACLs that something else than the load balancer controller attaches',
  },
  shared: 'alb.ingress.kubernetes.io/group.name',
});

/** Cloud WAFs on the load balancers in front of a gateway. */
export const cloudProducts: readonly WafProduct[] = [
  {
    id: 'aws-waf',
    name: 'AWS WAF',
    fronts: [
      onAlb('wafv2-acl-arn'),
      onAlb('wafv2-acl-name'),
      onAlb('waf-acl-id'),
      onAlb('web-acl-id'),
      ...['spec.wafv2AclArn', 'spec.wafv2AclName'].map((field): FrontMark => ({
        kinds: ['elbv2.k8s.aws/IngressClassParams'],
        field,
        covers: 'ingress-class',
        mode: unseen,
        inert: regional,
      })),
      {
        kinds: ['gateway.k8s.aws/LoadBalancerConfiguration'],
        field: 'spec.wafV2.webACL',
        covers: 'gateway-parameters',
        mode: unseen,
        inert: regional,
      },
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
        kinds: ['networking.gke.io/MultiClusterService'],
        refers: [
          {
            kind: 'cloud.google.com/BackendConfig',
            annotation: 'cloud.google.com/backend-config',
            holds: 'spec.securityPolicy.name',
          },
        ],
        covers: 'pods',
        pods: { labels: 'spec.template.spec.selector' },
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
