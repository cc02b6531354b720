/**
 * What the proxy's process does: it takes its order from standard input, listens, gives up every privilege, and ends with the
 * pipe of its owner. Its death closes the way to the targets, since there is no other.
 */
import { createServer, type Server } from 'node:net';
import { scopeSchema } from '@breakwater/rules/containment';
import { z } from 'zod';
import { wallNow } from '../../clock.ts';
import { formatLine, parseLine, readLines } from '../../lines.ts';
import { codeOf } from '../../log.ts';
import { makeIntercept, sayAuthority } from './intercept.ts';
import { makeOwnAuthority } from './own-authority.ts';
import { openRecorder } from './record.ts';
import { asRefused, refusalAnswer } from './refusal.ts';
import { directUplink } from './uplink.ts';

const port = z.int().min(0).max(65_535);
const orderSchema = z.strictObject({
  scope: scopeSchema,
  folder: z.string(),
  /** Where tools speak to the proxy as such. */
  listen: z
    .array(z.strictObject({ address: z.string(), port }))
    .min(1)
    .max(16),
  /** Ports of targets whose addresses lead here: the destination is where a connection arrived. */
  direct: z.array(z.strictObject({ address: z.string(), port })).max(4096),
  user: z.strictObject({ uid: z.int().min(1), gid: z.int().min(1) }).nullable(),
});
export type ProxyOrder = z.infer<typeof orderSchema>;

const newsSchema = z.union([
  z.strictObject({ ready: z.strictObject({ ports: z.array(z.int()), certificate: z.string() }) }),
  z.strictObject({
    attempt: z.strictObject({
      address: z.string(),
      port: z.int().nullable(),
      protocol: z.literal('tcp'),
      packets: z.int(),
    }),
  }),
  z.strictObject({
    ended: z.strictObject({ name: z.string(), bytes: z.int(), digest: z.string() }),
  }),
  z.strictObject({ failed: z.string() }),
]);
export type ProxyNews = z.infer<typeof newsSchema>;

/** Reads a line of the proxy. Throws what zod or the line reader throws. */
export function readNews(line: string): ProxyNews {
  return newsSchema.parse(parseLine(line));
}

/** Ends by itself never: its owner's pipe ends it. */
export function serveProxy(): void {
  let begun = false;
  let end = (): void => process.exit(0);
  readLines(
    process.stdin,
    (line) => {
      if (begun) return;
      begun = true;
      open(line).then(
        (close) => (end = close),
        (error: unknown) => {
          tell({ failed: codeOf(error) });
          process.exit(1);
        },
      );
    },
    () => process.exit(2),
  );
  process.stdin.on('end', () => end());
  process.stdout.on('error', () => process.exit(0));
}

async function open(line: string): Promise<() => void> {
  const { scope, folder, listen, direct, user } = orderSchema.parse(parseLine(line));
  const validMs = Date.parse(scope.window.end) - wallNow();
  const authority = await makeOwnAuthority('Breakwater cage', wallNow(), Math.max(validMs, 3_600_000));
  const recorder = openRecorder(folder, 'http.jsonl');
  const intercept = makeIntercept({
    scope,
    authority,
    recorder,
    uplink: directUplink,
    onAttempt: (attempt) => tell({ attempt: { ...attempt, protocol: 'tcp' } }),
  });
  const servers: Server[] = [];
  for (const { address, port } of listen) servers.push(await listening(createServer(intercept.accept), address, port));
  for (const { address, port } of direct) {
    const server = createServer((socket) => {
      const to = sayAuthority({
        host: (socket.localAddress ?? '').replace(/^::ffff:/, ''),
        port: socket.localPort ?? 0,
      });
      socket.on('error', () => socket.destroy());
      intercept.prepare(to).then(
        (take) => take(socket),
        (error: unknown) => socket.end(refusalAnswer(asRefused(error))),
      );
    });
    await listening(server, address, port);
  }
  if (user !== null && process.getuid?.() === 0) {
    process.setgroups?.([]);
    process.setgid?.(user.gid);
    process.setuid?.(user.uid);
  }
  const ports = servers.map((server) => {
    const at = server.address();
    return typeof at === 'object' && at !== null ? at.port : 0;
  });
  tell({ ready: { ports, certificate: authority.certificate } });
  return () => {
    intercept.close();
    process.stdout.write(formatLine({ ended: recorder.end() }), () => process.exit(0));
  };
}

function listening(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024, ipv6Only: host.includes(':') }, () => resolve(server));
  });
}

function tell(news: ProxyNews): void {
  process.stdout.write(formatLine(news));
}
