import { objectAt, valueAt } from '#documents/json.js';
import { selectorAnswer } from './selection.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

/** The webhook's rules of ProxyConfig. Source: validation.go, ValidateProxyConfig. */
export function proxyConfig({ spec }: WebhookInput): WebhookAnswer {
  const selected = selectorAnswer(objectAt(spec, 'selector'), ['spec', 'selector']);
  const concurrency = valueAt(spec, ['concurrency']);
  if (typeof concurrency !== 'number' || concurrency >= 0) return selected;
  const error = complaint(['spec', 'concurrency'], 'concurrency must not be negative');
  return { errors: [...selected.errors, error], warnings: selected.warnings };
}
