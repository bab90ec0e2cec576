import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { createServer } from 'node:net';
import path from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { binary } from './binary.mjs';

/**
 * Starts etcd and kube-apiserver on loopback with an empty store, all files in a folder, and waits until they are ready.
 * There are no controllers, scheduler or kubelet: nothing makes Pods or accounts of its own.
 *
 * @param {{ folder: string, clientCa?: string, flags?: readonly string[] }} options `clientCa`: file of the authority that
 *   signs client certificates; `flags`: more of kube-apiserver.
 */
export async function startServer({ folder, clientCa, flags = [] }) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [port, storePort, peerPort] = await freePorts(3);
  const adminToken = randomBytes(16).toString('hex');
  const write = (name, text) => writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  const accounts = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const accountKey = accounts.privateKey.export({ type: 'pkcs8', format: 'pem' });
  write('accounts.key', accountKey);
  write('accounts.pub', accounts.publicKey.export({ type: 'spki', format: 'pem' }));
  write('tokens.csv', `${adminToken},admin,admin,system:masters\n`);
  const at = (number) => `http://127.0.0.1:${number}`;
  const started = [
    launch('etcd', folder, [
      ...[
        '--name',
        'store',
        '--data-dir',
        path.join(folder, 'etcd'),
        '--unsafe-no-fsync',
        '--log-level',
        'warn',
      ],
      ...['--listen-client-urls', at(storePort), '--advertise-client-urls', at(storePort)],
      ...['--listen-peer-urls', at(peerPort), '--initial-advertise-peer-urls', at(peerPort)],
      ...['--initial-cluster', `store=${at(peerPort)}`],
    ]),
    launch('kube-apiserver', folder, [
      ...['--etcd-servers', at(storePort), '--endpoint-reconciler-type', 'none'],
      ...['--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1', '--secure-port', String(port)],
      // It makes a certificate for itself there.
      ...['--cert-dir', folder],
      ...(clientCa === undefined ? [] : ['--client-ca-file', clientCa]),
      ...['--token-auth-file', path.join(folder, 'tokens.csv'), '--authorization-mode', 'RBAC'],
      ...['--service-account-issuer', 'https://kubernetes.default.svc'],
      ...['--service-account-key-file', path.join(folder, 'accounts.pub')],
      ...['--service-account-signing-key-file', path.join(folder, 'accounts.key')],
      ...['--service-cluster-ip-range', '10.96.0.0/16', '--allow-privileged'],
      // Nobody makes accounts here, and without them this admission would refuse every Pod.
      ...['--disable-admission-plugins', 'ServiceAccount'],
      ...flags,
    ]),
  ];
  const server = {
    url: `https://127.0.0.1:${port}`,
    port,
    storePort,
    folder,
    adminToken,
    accountKey,
    pids: started.map(({ pid }) => pid),
  };
  const stop = async () => {
    // The API server first: without its store it does not end by itself.
    for (const child of started.toReversed()) await end(child);
  };
  try {
    const ca = await ready(server, started);
    return { ...server, ca, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(program, folder, args) {
  const log = openSync(path.join(folder, `${program}.log`), 'a');
  const child = spawn(binary, [program, ...args], { stdio: ['ignore', log, log], detached: true });
  child.unref();
  return child;
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  // A process that a test has stopped must wake up to end.
  child.kill('SIGCONT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits for /readyz; gives the authority of the certificate that the server has made. */
async function ready({ url, folder, adminToken }, children) {
  for (let tries = 0; tries < 600; tries++) {
    await sleep(200);
    if (children.some(({ exitCode }) => exitCode !== null)) break;
    const status = await statusOf(`${url}/readyz`, adminToken);
    if (status === 200) return readFileSync(path.join(folder, 'apiserver.crt'), 'utf8');
  }
  throw new Error(`the API server does not get ready; see ${folder}/*.log`);
}

function statusOf(url, token) {
  return new Promise((resolve) => {
    https
      .get(
        url,
        { rejectUnauthorized: false, agent: false, headers: { authorization: `Bearer ${token}` } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
      .on('error', () => resolve(undefined));
  });
}
