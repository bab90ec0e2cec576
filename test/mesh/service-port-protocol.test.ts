import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProtocol, servicePortProtocol } from '#mesh/service-port-protocol.js';

const port = { number: 8080, name: undefined, protocol: undefined, appProtocol: undefined };

/** The specification is ConvertProtocol in Istio's pkg/config/kube/conversion.go. */
describe('protocol of a Service port', () => {
  it.each([
    ['http', 'HTTP'],
    ['http-web', 'HTTP'],
    ['HTTP', 'HTTP'],
    ['http2-x', 'HTTP2'],
    ['http_proxy', 'HTTP_PROXY'],
    ['grpc', 'GRPC'],
    ['grpc-', 'GRPC'],
    ['grpc-web', 'GRPC-Web'],
    ['gRPC-Web-x', 'GRPC-Web'],
    ['grpc-website', 'GRPC-Web'],
    ['https-admin', 'HTTPS'],
    ['tls', 'TLS'],
    ['tcp-db', 'TCP'],
    ['udp', 'UDP'],
    ['mongo', 'Mongo'],
    ['redis', 'Redis'],
    ['mysql', 'MySQL'],
    ['web', 'auto'],
    ['httpx', 'auto'],
    ['-http', 'auto'],
    ['', 'auto'],
  ])('named %j is %s', (name, expected) => {
    expect(servicePortProtocol({ ...port, name })).toBe(expected);
  });

  it.each([
    ['kubernetes.io/h2c', 'HTTP2'],
    ['kubernetes.io/ws', 'HTTP'],
    ['kubernetes.io/wss', 'HTTPS'],
    ['kubernetes.io/WSS', 'auto'],
    ['http', 'HTTP'],
    ['tcp', 'TCP'],
    ['', 'auto'],
    ['example.com/own', 'auto'],
  ])('appProtocol %j replaces the name: %s', (appProtocol, expected) => {
    expect(servicePortProtocol({ ...port, name: 'http', appProtocol })).toBe(expected);
  });

  it.each([25, 53, 3306, 27017])(
    'port %i without a readable name is TCP: its servers speak first',
    (number) => {
      expect(servicePortProtocol({ ...port, number })).toBe('TCP');
      expect(servicePortProtocol({ ...port, number, name: 'http' })).toBe('HTTP');
    },
  );

  it('goes by the transport before anything else', () => {
    expect(servicePortProtocol({ ...port, name: 'http', protocol: 'UDP' })).toBe('UDP');
    expect(servicePortProtocol({ ...port, name: 'http', protocol: 'SCTP' })).toBe('SCTP');
    expect(servicePortProtocol({ ...port, name: 'http', protocol: 'TCP' })).toBe('HTTP');
  });

  it('reads what stands before the first dash', () => {
    const word = fc.stringMatching(/^[a-z0-9_]{1,8}$/);
    fc.assert(
      fc.property(word, word, (first, second) => {
        const expected =
          first === 'grpc' && second.startsWith('web') ? 'GRPC-Web' : (parseProtocol(first) ?? 'auto');
        expect(servicePortProtocol({ ...port, name: `${first}-${second}` })).toBe(expected);
      }),
    );
  });
});
