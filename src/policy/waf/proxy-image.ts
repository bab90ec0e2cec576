import type { FieldRef } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import type { Container, Workload } from '#mesh/mesh.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import { isProxyContainer, writtenProxy } from '#policy/proxy-container.js';
import type { WafProduct } from './product.js';
import { productOfContainer } from './recognise.js';
import type { WafContext } from './waf-context.js';

/** The image that a workload's proxy runs in, and what says so. */
export interface ProxyImage {
  readonly image: string;
  readonly at: FieldRef;
}

const annotation = 'sidecar.istio.io/proxyImage';

/** The image of the proxy as the pod template or an annotation writes it; undefined: injection chooses it. */
export function writtenImage({
  containers,
  annotations,
  resource,
  podPath,
}: Workload): ProxyImage | undefined {
  const container = writtenProxy(containers)?.container ?? containers.find(isProxyContainer);
  if (container !== undefined && container.image !== '' && container.image !== 'auto')
    return { image: container.image, at: { resource, path: [...container.path, 'image'] } };
  const image = Object.hasOwn(annotations, annotation) ? annotations[annotation] : undefined;
  if (image === undefined) return undefined;
  return { image, at: { resource, path: [...podPath, 'metadata', 'annotations', annotation] } };
}

/** Names of the proxy images that Istio publishes, with the suffixes of their variants. */
const published = /(?:^|\/)(?:proxyv2|install-cni|pilot-agent)(?:-\w+)*(?:[:@]|$)/;

function injectedImage({ mesh }: WafContext): string | undefined {
  const global =
    objectAt(mesh.settings.injector, 'values', 'global') ?? objectAt(mesh.settings.injector, 'global');
  return stringAt(global, 'proxy', 'image');
}

function isOf(product: WafProduct, image: string): boolean {
  const container: Container = {
    name: 'istio-proxy',
    image,
    list: 'containers',
    spec: {},
    path: [],
    ports: [],
  };
  return productOfContainer([product], container) !== undefined;
}

/** The image of Istio's own, which has no product's engine. */
const stock = 'proxyv2';

/** The image that the input shows or that Istio takes by itself. */
function imageOf(context: WafContext, workload: Workload): ProxyImage | undefined {
  const written = writtenImage(workload);
  if (written !== undefined) return written;
  const image = injectedImage(context) ?? (context.mesh.scope === 'complete' ? stock : undefined);
  return image === undefined
    ? undefined
    : { image, at: { resource: workload.resource, path: workload.podPath } };
}

/**
 * Whether a workload's proxy runs in an image that has a product's engine, and which image that is. An image of one's own
 * build may have anything; only those that Istio publishes are known to have none.
 */
export function ownProxyImage(
  context: WafContext,
  workload: Workload,
  product: WafProduct,
): Decision<{ readonly own: boolean; readonly image: ProxyImage }> {
  const found = imageOf(context, workload);
  const isTold =
    found !== undefined &&
    (isOf(product, found.image) || published.test(found.image) || !/[/:]/.test(found.image));
  if (isTold) return known({ own: isOf(product, found.image), image: found }, found.at);
  const text = `what the proxy image of ${workload.kind} ${workload.name} contains`;
  return unknown([{ key: 'proxy-image', text }]);
}
