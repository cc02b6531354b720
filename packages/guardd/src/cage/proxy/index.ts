/** The HTTP proxy of a cage as its owner starts it: a process of its own at the gate. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeniedTraffic, Scope } from '@breakwater/rules/containment';
import { entryCommand } from '../../entry.ts';
import { formatLine, readLines } from '../../lines.ts';
import { readNews, type ProxyOrder } from './proxy-process.ts';
import type { Evidence } from './record.ts';

export interface ProxyOptions {
  readonly scope: Scope;
  /** Folder of the host for `http.jsonl` and `proxy-ca.pem`. */
  readonly folder: string;
  /** Addresses of the gate on the tool's side; port 0 = any free one. */
  readonly listen: readonly { readonly address: string; readonly port: number }[];
  /**
   * Where connections arrive that were sent to targets: `0.0.0.0` and a target's port, when the gate's routes make the
   * targets' addresses its own for what comes from the tool. Default none: tools must speak to the proxy.
   */
  readonly direct?: readonly { readonly address: string; readonly port: number }[];
  /** Words that start a program where the proxy belongs, such as `ip netns exec gate`. */
  readonly enter?: readonly string[];
  /** What the process becomes once it listens. Default 65533, so that it is not the tool's user. Ignored without root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** An attempt outside the scope; `packets` counts those of that destination. A name that is not pinned stands as its own address. */
  onAttempt(attempt: DeniedTraffic): void;
  /** The process ended though nobody closed it: there is no way to a target any more, and the test should be stopped. */
  onGone?(): void;
}

export interface GateProxy {
  readonly pid: number;
  /** In the order of `listen`. */
  readonly ports: readonly number[];
  /** File with the certificate of this run's authority, to be mounted into the cage. */
  readonly certificateFile: string;
  /** Ends every connection and the process. The digest is of `http.jsonl`; null when the process was killed. */
  close(): Promise<Evidence | null>;
}

export class ProxyFailed extends Error {
  override readonly name = 'ProxyFailed';
}

const nobody = { uid: 65_533, gid: 65_533 };
const closeWithinMs = 2000;

/** Starts the proxy; resolves once it listens. Throws {@link ProxyFailed}. */
export function startGateProxy(options: ProxyOptions): Promise<GateProxy> {
  const { scope, folder, listen, direct = [], enter = [], user = nobody, onAttempt, onGone } = options;
  const [command = '', ...words] = [...enter, ...entryCommand('proxy', [])];
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'ignore'], env: environment(), detached: true });
  const order: ProxyOrder = { scope, folder, listen: [...listen], direct: [...direct], user };
  return new Promise((resolve, reject) => {
    let evidence: Evidence | null = null;
    let closing = false;
    let ready = false;
    const exited = new Promise<void>((settle) => child.once('close', () => settle()));
    const fail = (reason: string): void => {
      closing = true;
      child.kill('SIGKILL');
      reject(new ProxyFailed(`the proxy of the cage did not start: ${reason}`));
    };
    readLines(
      child.stdout,
      (line) => {
        const news = readNews(line);
        if ('attempt' in news) onAttempt(news.attempt);
        else if ('ended' in news) evidence = news.ended;
        else if ('failed' in news) fail(news.failed);
        else {
          ready = true;
          const certificateFile = join(folder, 'proxy-ca.pem');
          writeFileSync(certificateFile, news.ready.certificate, { mode: 0o644 });
          resolve({ pid: child.pid ?? 0, ports: news.ready.ports, certificateFile, close });
        }
      },
      () => fail('a line is too long'),
    );
    child.once('error', (error) => fail(error.message));
    void exited.then(() => {
      if (!ready) fail('it ended');
      else if (!closing) onGone?.();
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(formatLine(order));

    async function close(): Promise<Evidence | null> {
      closing = true;
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), closeWithinMs);
      await exited;
      clearTimeout(timer);
      return evidence;
    }
  });
}

/** What a tool is given so that it speaks to the proxy and trusts it. `url` is the proxy's, `certificateFile` as the tool sees it. */
export function proxyEnvironment(url: string, certificateFile: string | null): Record<string, string> {
  const ways = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, url]);
  const trust = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'GIT_SSL_CAINFO'];
  return {
    ...Object.fromEntries(ways),
    // Nothing goes past the proxy, and Node.js looks at these names only when it is told to.
    NO_PROXY: '',
    no_proxy: '',
    NODE_USE_ENV_PROXY: '1',
    ...(certificateFile === null ? {} : Object.fromEntries(trust.map((name) => [name, certificateFile]))),
  };
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin:/usr/sbin:/sbin' };
}
