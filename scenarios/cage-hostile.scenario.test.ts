/** Hostile tools in a cage on the real kernel: what they reach, what is counted, and that nothing is left of them. */
import { statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { casesToRun, notePassed, type FaultCase } from './cases.ts';
import {
  connectForever,
  leftovers,
  noKernelLevel,
  openTarget,
  python,
  runCaged,
  scopeOf,
  shell,
  until,
  type CagedRun,
  type ScopeParts,
  type Target,
} from './cage-stand.ts';

interface HostileCase extends FaultCase {
  readonly scope?: (port: number) => ScopeParts;
  readonly argv: (port: number) => readonly string[];
  /** What the target says to whoever connects; left out = hello. */
  readonly says?: string;
  /** Stopped by a lever once the target was reached, or after this many ms. */
  readonly stopAfterMs?: number;
  readonly expect: (run: CagedRun, target: Target) => void | Promise<void>;
}

const stopped = { outcome: 'stopped', exitCode: null, trip: { reason: 'lever', by: 'scenario' } };
const row = (address: string, port: number | null, protocol: string): unknown =>
  expect.objectContaining({ address, port, protocol, packets: expect.any(Number) });
const connect = (address: string, port: number): string => `(echo >/dev/tcp/${address}/${port}) 2>&1`;

const raw = `
import socket, struct, sys
port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
def checksum(data):
    s = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    s = (s >> 16) + (s & 0xffff); s += s >> 16
    return ~s & 0xffff
def ip(src, dst, proto, body):
    h = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(body), 1, 0, 64, proto, 0, socket.inet_aton(src), socket.inet_aton(dst))
    h = h[:10] + struct.pack('!H', checksum(h)) + h[12:]
    return h + body
`;

const cases: readonly HostileCase[] = [
  {
    kind: 'fork bomb',
    boundary: 'until it is stopped',
    argv: () => python('import os\nwhile True:\n  try: os.fork()\n  except OSError: pass'),
    stopAfterMs: 700,
    expect: ({ report }) => expect(report).toMatchObject(stopped),
  },
  {
    kind: 'ignores signals',
    boundary: 'while it connects',
    argv: (port) => shell(`trap '' INT TERM HUP QUIT PIPE; ${connectForever(port)}`),
    stopAfterMs: 400,
    async expect({ report }, target) {
      expect(report).toMatchObject(stopped);
      expect(report.allowed).toMatchObject([{ address: '127.0.0.1', port: target.port, protocol: 'tcp' }]);
      const before = target.reached.length;
      await sleep(300);
      expect(target.reached.length).toBe(before);
    },
  },
  {
    kind: 'leaves its session',
    boundary: 'by setsid, while it connects',
    argv: (port) =>
      shell(
        `setsid bash -c '${connectForever(port)}' & setsid setsid bash -c '${connectForever(port)}' & exec sleep 60`,
      ),
    stopAfterMs: 400,
    async expect({ report }, target) {
      expect(report).toMatchObject(stopped);
      const before = target.reached.length;
      await sleep(300);
      expect(target.reached.length).toBe(before);
    },
  },
  {
    kind: 'raw sockets',
    boundary: 'packet socket with a forged source',
    argv: () =>
      python(`${raw}
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0x0800)
for src, dst in (('10.9.8.7', '127.0.0.1'), ('198.18.0.9', '203.0.113.77')):
  for _ in range(3):
    s.sendto(ip(src, dst, 17, struct.pack('!HHHH', 1, 99, 8, 0)), ('eth0', 0x0800, 0, 0, b'\\xff' * 6))
r = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
r.sendto(ip('0.0.0.0', '203.0.113.78', 132, b'\\0' * 12), ('203.0.113.78', 0))
`),
    expect({ report, said }) {
      expect(said).toBe('');
      expect(report).toMatchObject({ outcome: 'exited', exitCode: 0, allowed: [] });
      expect(report.denied).toEqual(
        expect.arrayContaining([
          row('127.0.0.1', 99, 'udp'),
          row('203.0.113.77', 99, 'udp'),
          row('203.0.113.78', null, 'other'),
        ]),
      );
    },
  },
  {
    kind: 'flood',
    boundary: 'more new connections than the cap',
    scope: () => ({ caps: { newConnectionsPerSecond: 20, packetsPerSecond: 50_000, concurrent: 5000 } }),
    argv: (port) =>
      python(`
import socket, time
end = time.time() + 3
while time.time() < end:
  s = socket.socket(); s.setblocking(False)
  try: s.connect(('127.0.0.1', ${port}))
  except OSError: pass
  time.sleep(0.002); s.close()`),
    expect({ report }, { reached, port }) {
      const worst = Math.max(...reached.map((from) => reached.filter((at) => at >= from && at < from + 1000).length));
      // The listener's own clock may see two neighbouring seconds' connections a little closer together.
      expect(worst).toBeLessThanOrEqual(22);
      expect(reached.length).toBeGreaterThan(20);
      expect(report.lostToCap.packets).toBeGreaterThan(100);
      expect(report.denied).toEqual([]);
      const [allowed] = report.allowed;
      expect(allowed).toMatchObject({ port });
      expect(allowed?.connections).toBeGreaterThanOrEqual(reached.length);
    },
  },
  {
    kind: 'more bytes than allowed',
    boundary: 'out of a connection that is open',
    scope: () => ({ caps: { bytes: 100_000 } }),
    argv: (port) =>
      python(
        `import socket\ns = socket.create_connection(('127.0.0.1', ${port}))\ns.settimeout(1)\ntry: s.sendall(b'x' * 5_000_000)\nexcept OSError: pass`,
      ),
    expect({ report }) {
      expect(report.bytes.out + report.bytes.in).toBeGreaterThan(50_000);
      expect(report.bytes.out + report.bytes.in).toBeLessThanOrEqual(100_000);
    },
  },
  {
    kind: 'fills the disk',
    boundary: 'what it may write and what is temporary',
    argv: () =>
      shell(
        'for at in /out /tmp /dev/shm; do dd if=/dev/zero of=$at/big bs=1M count=300; ls -s $at/big; done 2>&1; true',
      ),
    expect({ report, said }) {
      expect(report).toMatchObject({ outcome: 'exited' });
      expect(said).toContain('No space left on device');
      const written = report.evidence?.find(({ name }) => name === 'out/big');
      expect(written?.bytes ?? 0).toBeLessThanOrEqual(64 * 1024 * 1024);
      expect(statfsSync('/').bavail).toBeGreaterThan(0);
    },
  },
  {
    kind: 'more memory than allowed',
    boundary: 'at once',
    argv: () => python('x = bytearray(600 * 1024 * 1024)'),
    expect: ({ report }) => expect(report.exitCode).toBe(137),
  },
  {
    kind: 'writes outside',
    boundary: 'system, home, kernel settings',
    argv: () =>
      shell(
        'for at in / /usr /etc /bin /root /home /proc/sys/kernel /sys /var /dev; do touch $at/breakwater-was-here 2>/dev/null && echo wrote $at; done; ' +
          'echo 1 2>/dev/null >/proc/sys/net/ipv4/ip_forward && echo set; ls /root /home /work /var 2>/dev/null; true',
      ),
    expect: ({ said }) => expect(said).toBe(''),
  },
  {
    kind: 'looks for doors',
    boundary: 'namespaces, mounts, kernel',
    argv: () =>
      python(`
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *args):
  ctypes.set_errno(0)
  if libc.syscall(*args) != -1: print('allowed', name)
for name, args in {
  'unshare user': (272, 0x10000000), 'unshare net': (272, 0x40000000), 'setns': (308, 0, 0), 'mount': (165, b'x', b'/tmp', b'tmpfs', 0, 0),
  'pivot_root': (155, b'/', b'/'), 'bpf': (321, 0, 0, 0), 'ptrace': (101, 0, 0, 0, 0), 'keyctl': (250, 0, 0, 0), 'kexec': (246, 0, 0, 0, 0),
  'clone newuser': (56, 0x10000000 | 17, 0, 0, 0, 0), 'io_uring': (425, 1, 0), 'userfaultfd': (323, 0), 'open_by_handle': (304, 0, 0, 0),
  'perf': (298, 0, 0, -1, -1, 0), 'fsopen': (430, b'tmpfs', 0), 'unshare pid': (272, 0x20000000),
}.items(): call(name, *args)
for family in (40, 38, 31, 29):
  try: socket.socket(family, socket.SOCK_STREAM); print('allowed family', family)
  except OSError: pass
for command in ('unshare -Urn true', 'unshare -n true', 'mount -t tmpfs x /tmp', 'ip link set eth0 down', 'ip route add 1.1.1.1 dev eth0', 'nft flush ruleset', 'nsenter -t 1 -n true'):
  if os.system(command + ' >/dev/null 2>&1') == 0: print('allowed', command)
print(open('/proc/self/status').read().count('NoNewPrivs:\\t1'))
`),
    expect: ({ said }) => expect(said).toBe('1\n'),
  },
  {
    kind: 'IPv6',
    boundary: 'targets, metadata, loopback, all nodes',
    argv: () =>
      shell(
        `${connect('fd00:1::1', 22)}; ${connect('fd00:ec2::254', 80)}; timeout 0.5 bash -c '${connect('::1', 631)}'; echo x >/dev/udp/ff02::1/5353; true`,
      ),
    expect({ report }) {
      expect(report.allowed).toEqual([]);
      expect(report.denied).toEqual(
        expect.arrayContaining([row('fd00:1::1', 22, 'tcp'), row('fd00:ec2::254', 80, 'tcp'), row('::1', 631, 'tcp')]),
      );
    },
  },
  {
    kind: 'metadata',
    boundary: 'although the scope names it',
    scope: () => ({ targets: [{ cidr: '169.254.0.0/16', ports: ['tcp/80'] }] }),
    argv: () => shell(`${connect('169.254.169.254', 80)}; true`),
    expect({ report, attempts }) {
      expect(report.allowed).toEqual([]);
      expect(report.denied).toEqual([row('169.254.169.254', 80, 'tcp')]);
      expect(attempts).toContainEqual(row('169.254.169.254', 80, 'tcp'));
    },
  },
  {
    kind: 'metadata',
    boundary: 'by a redirect of a target',
    says: 'HTTP/1.0 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n',
    argv: (port) =>
      python(
        `import urllib.request\ntry: urllib.request.urlopen('http://127.0.0.1:${port}/', timeout=2)\nexcept OSError: pass`,
      ),
    expect({ report, attempts }, { port, reached }) {
      expect(reached).toHaveLength(1);
      expect(report.allowed).toEqual([{ address: '127.0.0.1', port, protocol: 'tcp', connections: 1 }]);
      expect(report.denied).toEqual([row('169.254.169.254', 80, 'tcp')]);
      expect(attempts).toContainEqual(row('169.254.169.254', 80, 'tcp'));
    },
  },
  {
    kind: 'names',
    boundary: 'whose address changes under way',
    scope: () => ({ names: [{ name: 'bank.test', address: '127.0.0.1' }] }),
    argv: (port) =>
      python(`
import socket
for answer in ('127.0.0.1', '10.9.8.7', '169.254.169.254'):
  print(socket.gethostbyname('bank.test'))
  try: print(socket.create_connection((answer, ${port}), 1.5).recv(9))
  except OSError: pass`),
    expect({ report, said }, { port }) {
      expect(said).toBe("127.0.0.1\nb'hello\\n'\n127.0.0.1\n127.0.0.1\n");
      expect(report.allowed).toEqual([{ address: '127.0.0.1', port, protocol: 'tcp', connections: 1 }]);
      expect(report.denied).toEqual([row('10.9.8.7', port, 'tcp'), row('169.254.169.254', port, 'tcp')]);
    },
  },
  {
    kind: 'names',
    boundary: 'to a name server, and a name that was not pinned',
    scope: () => ({ names: [{ name: 'bank.test', address: '127.0.0.1' }] }),
    argv: (port) =>
      shell(
        `echo x >/dev/udp/8.8.8.8/53; getent hosts example.com; getent hosts bank.test; cat </dev/tcp/bank.test/${port}`,
      ),
    expect({ report, said }, { port }) {
      expect(said).toContain('bank.test');
      expect(said).toContain('hello');
      expect(said).not.toContain('example.com');
      expect(report.denied).toEqual([row('8.8.8.8', 53, 'udp')]);
      expect(report.allowed).toEqual([{ address: '127.0.0.1', port, protocol: 'tcp', connections: 1 }]);
    },
  },
  {
    kind: 'never',
    boundary: 'inside a wider target',
    scope: (port) => ({ targets: [{ cidr: '127.0.0.0/24', ports: [`tcp/${port}`, 'icmp'] }], never: ['127.0.0.2/32'] }),
    argv: (port) => shell(`cat </dev/tcp/127.0.0.1/${port}; ${connect('127.0.0.2', port)}; true`),
    expect({ report }, { port }) {
      expect(report.allowed).toMatchObject([{ address: '127.0.0.1', port }]);
      expect(report.denied).toEqual([row('127.0.0.2', port, 'tcp')]);
    },
  },
  {
    kind: 'goes on and on',
    boundary: 'with attempts outside',
    scope: () => ({ attempts: { stopAfter: 20 } }),
    argv: () => shell('for i in $(seq 2000); do echo x >/dev/udp/203.0.113.9/$i; sleep 0.01; done'),
    expect({ report }) {
      expect(report).toMatchObject({ outcome: 'stopped', trip: { reason: 'attempts', limit: 20 } });
      expect(report.denied.length).toBeLessThan(500);
    },
  },
  {
    kind: 'goes on and on',
    boundary: 'with requests outside through the proxy',
    scope: () => ({ attempts: { stopAfter: 5 }, http: {} }),
    argv: () =>
      python(`
import time, urllib.request
for i in range(2000):
  try: urllib.request.urlopen('http://203.0.113.9/%d' % i, timeout=2)
  except OSError: pass
  time.sleep(0.05)`),
    expect({ report }) {
      expect(report).toMatchObject({ outcome: 'stopped', trip: { reason: 'attempts', limit: 5 }, allowed: [] });
      expect(report.denied).toEqual([row('203.0.113.9', 80, 'tcp')]);
      expect(report.denied[0]?.packets).toBeLessThan(100);
    },
  },
];

let target: Target;
beforeEach(async () => {
  target = await openTarget();
});
afterEach(async () => {
  await target.close();
  expect(await leftovers()).toEqual([]);
});

describe.skipIf(noKernelLevel !== null)('a hostile tool is held', () => {
  test.each(casesToRun('cage-hostile', cases))('$kind, $boundary', async (each) => {
    const stop = each.stopAfterMs;
    if (each.says !== undefined) {
      await target.close();
      target = await openTarget('127.0.0.1', each.says);
    }
    const run = await runCaged(
      scopeOf(target.port, each.scope?.(target.port)),
      each.argv(target.port),
      async (cage) => {
        if (stop === undefined) return new Promise(() => undefined);
        await sleep(stop);
        if (each.kind.includes('sess') || each.kind.includes('signals'))
          await until('the target is reached', () => target.reached.length > 0);
        await cage.stop({ reason: 'lever', by: 'scenario' });
      },
    );
    expect(run.report.selfTest).toMatchObject({ outsideBlocked: true, insideAnswered: true });
    await each.expect(run, target);
    notePassed('cage-hostile', each);
  });
});
