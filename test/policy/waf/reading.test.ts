import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressText, parseAddress } from '#policy/waf/address.js';
import { pluginRules } from '#policy/waf/rule-sets.js';
import { readRules } from '#policy/waf/seclang.js';

describe('addresses', () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['127.0.0.1:9999', '127.0.0.1:9999'],
    ['localhost:9999', 'localhost:9999'],
    [':9999', ':9999'],
    ['9999', ':9999'],
    ['[::]:9999', '[::]:9999'],
    ['[::1]:9999', '[::1]:9999'],
    ['unix:/sigsci/tmp/sigsci.sock', 'unix:/sigsci/tmp/sigsci.sock'],
    ['unix:///var/run/x.sock', 'unix:/var/run/x.sock'],
    ['/var/run/x.sock', 'unix:/var/run/x.sock'],
    ['http://0.0.0.0:8001', '0.0.0.0:8001'],
    ['http://waf/check', 'waf:80'],
    ['https://waf', 'waf:443'],
    ['dns:localhost:55555', 'localhost:55555'],
    ['dns:///waf.shop.svc:443', 'waf.shop.svc:443'],
    ['dns://8.8.8.8/waf.shop.svc:443', 'waf.shop.svc:443'],
    ['$(POD_IP):9999', '$(pod_ip):9999'],
    ['waf', undefined],
    ['', undefined],
  ];
  it.each(table)('%s', (written, expected) => {
    const address = parseAddress(written);
    expect(address && addressText(address)).toBe(expected);
  });

  it('are read from any text', () => {
    fc.assert(fc.property(fc.string(), (text) => (parseAddress(text)?.port ?? 0) <= 99_999));
  });
});

describe('ModSecurity directives (coraza: internal/seclang/directives.go)', () => {
  const table: readonly (readonly [
    string,
    readonly string[],
    ReturnType<typeof readRules>['engine'],
    number | undefined,
  ])[] = [
    ['nothing: the engine’s default', [], 'On', undefined],
    ['the last one', ['SecRuleEngine On', 'SecRuleEngine DetectionOnly'], 'DetectionOnly', 1],
    ['a file that is included later', ['SecRuleEngine On', 'Include @recommended-conf'], 'DetectionOnly', 1],
    ['a file that says nothing of it', ['SecRuleEngine On', 'Include @crs-setup-conf'], 'On', 0],
    ['several in one text', ['Include @recommended-conf\nSecRuleEngine On'], 'On', 0],
    ['comments do not count', ['SecRuleEngine On', '# SecRuleEngine Off'], 'On', 0],
    ['whatever the case', ['secruleengine detectiononly'], 'DetectionOnly', 0],
    ['quotes', ['SecRuleEngine "Off"'], 'Off', 0],
    ['continued lines', ['SecRuleEngine \\\n Off'], 'Off', 0],
  ];
  it.each(table)('%s', (_, lines, engine, line) => {
    expect(readRules(lines)).toMatchObject({ engine, engineLine: line });
  });

  it('are read from any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) =>
        ['On', 'DetectionOnly', 'Off'].includes(readRules(lines).engine),
      ),
    );
  });
});

describe('plugin configurations', () => {
  it('of the Go filter stand in texts', () => {
    const value = {
      directives:
        '{"strict":{"simple_directives":["SecRuleEngine On","Include @owasp_crs/*.conf"]},"loose":{"simple_directives":["SecRuleEngine Off"]}}',
      default_directive: 'strict',
      host_directive_map: '{"free.example":"loose"}',
    };
    const found = pluginRules({ '@type': 'type.googleapis.com/xds.type.v3.TypedStruct', value }, 'golang');
    expect(found?.sets.map(({ name, rules, hosts }) => [name, rules.engine, hosts])).toEqual([
      ['strict', 'On', undefined],
      ['loose', 'Off', ['free.example']],
    ]);
  });

  it('that are no JSON are not read', () => {
    const value = { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: '{' };
    expect(pluginRules(value, 'wasm')).toBeUndefined();
  });

  it('with names of the language do no harm', () => {
    const value = JSON.parse(
      '{"directives_map":{"__proto__":["SecRuleEngine Off"]},"default_directives":"__proto__"}',
    ) as object;
    expect(() => pluginRules(value as never, 'wasm')).not.toThrow();
  });
});
