import type { WafProduct } from './product.js';
import { agentProducts } from './products/agents.js';
import { filterProducts } from './products/filters.js';
import { frontProducts } from './products/fronts.js';

/**
 * Products that are known without a configuration, in the order they are asked in. The kind of a filter alone
 * (`ext_authz`, `lua`, `wasm`) is never a mark: what looks alike (OPA, oauth2-proxy, rate limits, scripts that set
 * headers) uses the same kinds.
 */
export const WAF_PRODUCTS: readonly WafProduct[] = [...agentProducts, ...filterProducts, ...frontProducts];
