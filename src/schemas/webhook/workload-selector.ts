import { objectAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { selectorLabelsAnswer } from './selection.js';
import type { WebhookAnswer } from './webhook.js';

/** The selector of networking kinds, whose labels are called `labels`. Source: validation.go, ValidateAlphaWorkloadSelector. */
export function workloadSelectorAnswer(selector: JsonObject | undefined): WebhookAnswer {
  if (!selector) return { errors: [], warnings: [] };
  return selectorLabelsAnswer(objectAt(selector, 'labels') ?? {}, {
    path: ['spec', 'workloadSelector'],
    field: 'labels',
  });
}
