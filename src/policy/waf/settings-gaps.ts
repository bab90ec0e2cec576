import type { FieldPath } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import type { ExtAuthzSettings, ExtProcSettings, LuaSettings } from '#policy/filter-chain/filter-settings.js';
import { fieldOf, providerFields } from './field-of.js';
import { gapOf } from './gap.js';
import { headerGaps } from './header-gaps.js';
import type { GapTexts } from './gap.js';
import type { InspectionGap, InspectionGapKind } from './inspection.js';
import type { WafProduct } from './product.js';
import type { WafContext } from './waf-context.js';

/** A filter of a product. */
export interface ProductFilter {
  readonly filter: ProxyFilter;
  readonly product: WafProduct;
}

type Rest = Omit<GapTexts, 'at'>;

/** Makes gaps that point at fields of the filter's configuration; those of a CUSTOM policy's are the provider's. */
function gapsAt({ mesh }: WafContext, { filter, product }: ProductFilter) {
  const policy = filter.addedBy?.resource;
  const provider =
    policy?.kind === 'AuthorizationPolicy' ? stringAt(policy.object, 'spec', 'provider', 'name') : undefined;
  return (kind: InspectionGapKind, steps: FieldPath, rest: Rest): readonly InspectionGap[] => {
    const at = fieldOf(mesh, filter, steps);
    if (at === undefined) return [];
    if (provider === undefined) {
      const field = String(at.path.at(-1) ?? '');
      return [gapOf(kind, product, { ...rest, at, data: { field, ...rest.data } })];
    }
    const own = { object: `extension provider ${provider}`, field: providerFields[String(steps[0])] ?? '' };
    return [gapOf(kind, product, { ...rest, at, data: { ...rest.data, ...own } })];
  };
}

type GapAt = ReturnType<typeof gapsAt>;

function failsOpen(gap: GapAt, steps: FieldPath): readonly InspectionGap[] {
  return gap('fails-open', steps, { note: 'requests pass uninspected when the engine does not answer' });
}

/** `with_request_body` of ext_authz: absent, no body is sent (envoy/extensions/filters/http/ext_authz/v3/ext_authz.proto). */
function sentBody({ body }: ExtAuthzSettings, gap: GapAt): readonly InspectionGap[] {
  if (body === undefined || body.maxRequestBytes === 0)
    return gap('no-body', ['with_request_body'], {
      note: 'bodies are not sent to the engine',
      data: { field: 'with_request_body' },
      reach: 'some',
    });
  // Without partial messages a longer body is answered with 413, so that nothing passes unseen.
  if (!body.allowPartialMessage) return [];
  const bytes = String(body.maxRequestBytes);
  return gap('body-truncated', ['with_request_body', 'max_request_bytes'], {
    note: `the engine sees the first ${bytes} bytes of a body`,
    data: { bytes },
    reach: 'some',
  });
}

function sharePercent({ enabledPercent }: ExtAuthzSettings, gap: GapAt): readonly InspectionGap[] {
  if (enabledPercent === undefined || enabledPercent >= 100) return [];
  const how = enabledPercent === 0 ? 'off for every request' : `on for ${enabledPercent} % of the requests`;
  return gap('disabled', ['filter_enabled'], {
    note: `the filter is ${how}`,
    data: { how },
    reach: enabledPercent === 0 ? 'all' : 'some',
  });
}

function checkGaps(settings: ExtAuthzSettings, gap: GapAt, isCustom: boolean): readonly InspectionGap[] {
  const { gatedBy, failOpen } = settings;
  const what = `requests without the metadata ${gatedBy ?? ''}`;
  const gated = { note: `the filter lets ${what} pass`, data: { what }, reach: 'some' } as const;
  return [
    ...(failOpen ? failsOpen(gap, ['failure_mode_allow']) : []),
    ...sentBody(settings, gap),
    ...sharePercent(settings, gap),
    ...(gatedBy === undefined || isCustom
      ? []
      : gap('requests-left-out', ['filter_enabled_metadata'], gated)),
  ];
}

const bodyModes: Readonly<Record<number, string>> = {
  0: 'NONE',
  1: 'STREAMED',
  2: 'BUFFERED',
  3: 'BUFFERED_PARTIAL',
  4: 'FULL_DUPLEX_STREAMED',
};

/** Absent modes are headers SEND, body NONE (envoy/extensions/filters/http/ext_proc/v3/processing_mode.proto). */
function bodyMode({ processingMode }: ExtProcSettings): string {
  const written = processingMode['request_body_mode'];
  if (typeof written === 'number') return bodyModes[written] ?? 'NONE';
  return typeof written === 'string' ? written : 'NONE';
}

function processedBody(settings: ExtProcSettings, gap: GapAt): readonly InspectionGap[] {
  const mode = bodyMode(settings);
  const steps = ['processing_mode', 'request_body_mode'];
  // The server may ask for bodies where it is allowed to change the mode.
  if (mode === 'NONE' && !settings.allowModeOverride)
    return gap('no-body', steps, {
      note: 'bodies are not sent to the engine',
      data: { field: 'request_body_mode' },
      reach: 'some',
    });
  if (mode !== 'BUFFERED_PARTIAL') return [];
  const bytes = "the listener's buffer limit";
  return gap('body-truncated', steps, {
    note: 'the engine sees as much of a body as the buffer of the listener holds',
    data: { bytes },
    reach: 'some',
  });
}

function skippedHeaders({ processingMode }: ExtProcSettings, gap: GapAt): readonly InspectionGap[] {
  const mode = processingMode['request_header_mode'];
  if (mode !== 'SKIP' && mode !== 2) return [];
  const what = 'the headers and the path of every request';
  return gap('requests-left-out', ['processing_mode', 'request_header_mode'], {
    note: `${what} are not sent to the engine`,
    data: { what },
    reach: 'some',
  });
}

function extProc(settings: ExtProcSettings, gap: GapAt): readonly InspectionGap[] {
  const { failOpen, observabilityMode, disableImmediateResponse } = settings;
  const ignored = (field: string, how: string): readonly InspectionGap[] =>
    gap('detects-only', [field], { note: `the proxy ${how}`, data: { how: `the proxy ${how}` } });
  return [
    ...(failOpen ? failsOpen(gap, ['failure_mode_allow']) : []),
    ...processedBody(settings, gap),
    ...skippedHeaders(settings, gap),
    ...(observabilityMode ? ignored('observability_mode', 'does not wait for answers') : []),
    ...(disableImmediateResponse
      ? ignored('disable_immediate_response', 'ignores answers that would end a request')
      : []),
  ];
}

function lua(settings: LuaSettings, gap: GapAt, enabled: boolean): readonly InspectionGap[] {
  const { handlesRequests, code, file, namedSources } = settings;
  if (handlesRequests || file !== undefined || enabled) return [];
  const how =
    code === undefined && namedSources.length > 0
      ? 'on only for routes that name a script'
      : 'a script without envoy_on_request, which no request runs';
  return gap('disabled', ['default_source_code'], { note: `the filter is ${how}`, data: { how } });
}

/** How far a filter's own settings make it fall short; of Wasm filters other settings tell. */
export function settingsGaps(
  context: WafContext,
  own: ProductFilter,
  enabledOnRoutes: boolean,
): readonly InspectionGap[] {
  const { settings, addedBy } = own.filter;
  const gap = gapsAt(context, own);
  switch (settings.kind) {
    case 'ext_authz':
      return [
        ...checkGaps(settings, gap, addedBy?.resource.kind === 'AuthorizationPolicy'),
        ...headerGaps(context, own, settings),
      ];
    case 'ext_proc':
      return extProc(settings, gap);
    case 'lua':
      return lua(settings, gap, enabledOnRoutes);
    default:
      return [];
  }
}
