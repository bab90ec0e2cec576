import { Command, InvalidArgumentError, Option } from 'commander';
import type { Token } from '#policy/request/access-request.js';
import type { CanFlags } from './can-command.js';
import type { CliIo } from './cli-io.js';
import { inputOptions } from './input-options.js';
import { addValue, oneOf } from './option-values.js';
import { parseToken } from './parse-token.js';
import type { Done } from './program.js';

const examples = `
Callers and targets:
  payments/checkout        a workload; its account and its proxy are looked up
  payments/sa/checkout     whoever runs as this service account, in the mesh
  -                        a caller outside the mesh, without identity
  ledger/api:80            port of a Service (number or name), else of the pods
  ledger/Deployment/api:8080   port of the workload's pods
Gateways (--via):
  istio-system/ingressgateway:443   its workload, its Service or a Gateway that it
                           serves, and a port of the Service or the pods
  gateway                  whichever gateway and port leads to the target

Examples:
  May checkout post a transfer?
    meshaudit can payments/checkout ledger/api:8080 --method POST \\
      --path /v1/transfer --in k8s/
  The same with a token, by a caller outside the mesh:
    meshaudit can - ledger/api:8080 --path /v1/transfer \\
      --jwt iss=https://issuer.example,sub=alice,claim.role=admin --in k8s/
  Who gets through the ingress gateway, and past its policies?
    meshaudit can - ledger/api:8080 --via istio-system/ingressgateway:443 \
      --host ledger.example.com --path /v1/transfer --in k8s/
  Many requests, one JSON object a line, decisions likewise:
    meshaudit can --requests requests.jsonl --format jsonl --in dump.yaml

Exit codes:
  0  allowed (every request)
  1  denied (some request)
  2  unknown, input that cannot be trusted, or wrong usage; wins over 1`;

function addHeader(
  typed: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  const [, name, value] = /^([^\s=:]+)\s*[=:]\s*(.*)$/s.exec(typed.trim()) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write name=value.');
  return [...before, [name, value]];
}

function addToken(typed: string, before: readonly Token[] = []): readonly Token[] {
  return [...before, parseToken(typed)];
}

function parseAddress(typed: string): string {
  if (/^[0-9a-f:.]+$/i.test(typed)) return typed;
  throw new InvalidArgumentError('It is not an IP address.');
}

function requestOptions(): readonly Option[] {
  return [
    new Option('--method <method>', 'HTTP method (default: GET)'),
    new Option('--path <path>', 'path with an optional query, as the client writes it (default: /)'),
    new Option('--host <host>', 'Host header (default: short name of the Service)'),
    new Option('--header <name=value>', 'header; repeatable').argParser(addHeader),
    new Option(
      '--jwt <claims>',
      'token: iss=…,sub=…,aud=…,claim.x=…,claim[a][b]=…,problem=expired; repeatable',
    ).argParser(addToken),
    new Option('--tcp', 'bytes that are not HTTP'),
    new Option('--plaintext', "without TLS, whatever the caller's proxy does"),
    new Option('--from-ip <address>', 'source address as the first proxy sees it').argParser(parseAddress),
    new Option('--sni <name>', 'TLS server name (default: what proxies of the mesh send, or the host)'),
    new Option('--via <gateway>', 'in by a gateway: namespace/name[:port], or gateway for any'),
    new Option(
      '--client-cert <name>',
      "URI or DNS name in the caller's own certificate; repeatable",
    ).argParser(addValue),
    new Option('--proxy-protocol <address>', 'source address in a PROXY protocol header').argParser(
      parseAddress,
    ),
    new Option('--ext-authz <answer>', 'what external authorizers answer: allow or deny').argParser(
      (typed: string) => oneOf(typed, ['allow', 'deny']),
    ),
  ];
}

/** `meshaudit can`: options and help; what it does is loaded when it runs. */
export function canCommand(io: CliIo, done: Done): Command {
  const command = new Command('can')
    .description('decide whether a request is let in, and by which policies')
    .argument('[from]', 'who asks: namespace/workload, namespace/sa/account, or -')
    .argument('[to]', 'for whom: namespace/service:port or namespace/workload:port')
    .helpOption('-h, --help', 'print this help')
    .addOption(
      new Option('--in <path>', 'manifests: file, directory, glob, -; repeatable (default: .)').argParser(
        addValue,
      ),
    );
  for (const option of requestOptions()) command.addOption(option);
  command
    .option(
      '--requests <file>',
      'decide the requests of a file, one JSON object a line; - for standard input',
    )
    .addOption(
      new Option('-f, --format <format>', 'table, json or jsonl')
        .argParser((typed: string) => oneOf(typed, ['table', 'json', 'jsonl']))
        .default('table', 'table'),
    );
  for (const option of inputOptions()) command.addOption(option);
  return command
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--no-progress', 'no progress on standard error')
    .addHelpText('after', examples)
    .action(async (from: string | undefined, to: string | undefined, flags: CanFlags) => {
      const { runCan } = await import('./can-command.js');
      done(await runCan({ from, to }, flags, io));
    });
}
