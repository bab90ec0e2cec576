import type { ChainTls } from '#policy/filter-chain/filter-chain.js';
import type { InboundProtocol, MtlsMode } from '#policy/policies.js';

/** One of the ways in which connections come to a port, for which there is a chain each. */
export interface MatchOption {
  readonly protocol: 'http' | 'tcp';
  readonly transportProtocol: 'tls' | 'raw_buffer';
  readonly applicationProtocols: readonly string[];
  readonly tls: ChainTls;
}

const mutualHttp = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
const plainHttp = ['http/1.1', 'h2c'];
const mutualTcp = ['istio-peer-exchange', 'istio'];
const mutualAny = ['istio', 'istio-peer-exchange', ...mutualHttp];

function mutual(
  protocol: MatchOption['protocol'],
  applicationProtocols: readonly string[] = [],
): MatchOption {
  return { protocol, transportProtocol: 'tls', applicationProtocols, tls: 'istio-mutual' };
}

function plain(protocol: MatchOption['protocol'], applicationProtocols: readonly string[] = []): MatchOption {
  return { protocol, transportProtocol: 'raw_buffer', applicationProtocols, tls: 'none' };
}

/** TLS of the application's own, which the proxy does not end. */
const foreignTls: MatchOption = {
  protocol: 'tcp',
  transportProtocol: 'tls',
  applicationProtocols: [],
  tls: 'none',
};

const options: Readonly<Record<InboundProtocol, Readonly<Record<MtlsMode, readonly MatchOption[]>>>> = {
  HTTP: {
    STRICT: [mutual('http')],
    PERMISSIVE: [mutual('http', mutualAny), plain('http')],
    DISABLE: [plain('http')],
  },
  TCP: {
    STRICT: [mutual('tcp')],
    PERMISSIVE: [mutual('tcp', mutualAny), foreignTls, plain('tcp')],
    DISABLE: [plain('tcp')],
  },
  AUTO: {
    STRICT: [mutual('http', mutualHttp), mutual('tcp')],
    PERMISSIVE: [
      mutual('http', mutualHttp),
      plain('http', plainHttp),
      mutual('tcp', mutualTcp),
      plain('tcp'),
      foreignTls,
    ],
    DISABLE: [plain('http', plainHttp), plain('tcp')],
  },
};

/** The chains of an inbound port, in order (getFilterChainMatchOptions in pilot/pkg/networking/core/filterchain_options.go). */
export function matchOptions(protocol: InboundProtocol, mode: MtlsMode): readonly MatchOption[] {
  return options[protocol][mode];
}

/** Where the Sidecar's listener ends TLS of its own (getTLSFilterChainMatchOptions). */
export function ownTlsOption(protocol: InboundProtocol): readonly MatchOption[] {
  const kind = protocol === 'HTTP' ? 'http' : 'tcp';
  return [{ protocol: kind, transportProtocol: 'tls', applicationProtocols: [], tls: 'simple' }];
}
