/**
 * Drivers that know themselves how a change is checked, prepared, done and taken back: a step gives them what is wanted,
 * as `do`, and nothing else. guardd records what was there before it changes anything, and undoes to exactly that.
 */
import { z } from 'zod';
import { durationMs, positiveDuration } from '../duration.ts';
import { httpUrl, identifier, uniqueBy } from './field.ts';

const self = (text: string): string => text;

/** An absolute path without `.`, `..` or doubled slashes: what is signed is where it acts. */
export const absolutePath = z
  .string()
  .max(1024)
  .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+)+$/u, {
    error: 'must be an absolute path such as /srv/bank/current, without . or .. and no slash at its end',
  });

const paths = z.array(absolutePath).min(1).max(20).check(uniqueBy(self));

const unitName = z.string().regex(/^[A-Za-z0-9:_.@\\-]{1,200}\.(?:service|socket|timer|path|target)$/, {
  error: 'must name a systemd unit with its kind, such as bank-transfer.service',
});

/** Units that are restarted when the change was made, and again when it was taken back. */
const restart = z.array(unitName).min(1).max(20).check(uniqueBy(self)).optional();

const debName = z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,126}(?::[a-z0-9-]{2,20})?$/, {
  error: 'is no Debian package name: write it as dpkg lists it, such as libssl3 or libssl3:amd64',
});
const debVersion = z.string().regex(/^(?:\d{1,9}:)?\d[A-Za-z0-9.+~-]{0,127}$/, {
  error: 'must be one exact Debian version in quotes, such as "3.0.15-1~deb12u1"',
});
const rpmName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._-]{0,126}$/, {
  error: 'is no RPM package name: write it as rpm -q --qf %{NAME} does, such as openssl-libs',
});
const rpmVersion = z.string().regex(/^(?:\d{1,9}:)?[A-Za-z0-9._+~^]{1,64}-[A-Za-z0-9._+~^]{1,64}$/, {
  error: 'must be version and release in quotes, such as "3.0.7-27.el9", with its epoch if it has one',
});

const atLeastOne = (packages: object): boolean => Object.keys(packages).length > 0;
const named = { error: 'name at least one package and its version' };

const packageHead = {
  /** Where what was there before is kept until the change is closed; default `/var/lib/breakwater/kept`. */
  keep: absolutePath.optional(),
  /** Acts on the system below this folder instead of on `/`: an image, a chroot. */
  root: absolutePath.optional(),
  restart,
};

/** Exact versions by package. What apt changes besides them is recorded and taken back too; it removes nothing. */
const aptAction = z.strictObject({
  packages: z.record(debName, debVersion).refine(atLeastOne, named),
  /** Folders with .deb files, looked at before the caches and repositories: for old versions that no mirror has. */
  from: paths.optional(),
  /** Holds the packages at their new version. */
  hold: z.boolean().optional(),
  ...packageHead,
});

/** As `apt`, without apt: every file, old and new, is in one of these folders or in apt's cache. */
const dpkgAction = aptAction.extend({ from: paths });

const rpmAction = z.strictObject({
  packages: z.record(rpmName, rpmVersion).refine(atLeastOne, named),
  /** Folders with .rpm files, the new ones and, unless a package cache has them, the old. */
  from: paths,
  ...packageHead,
});

const sha256Hex = z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: 'must be sha256: and 64 lower-case hex digits' });

const filesAction = z.strictObject({
  files: z
    .array(z.strictObject({ path: absolutePath, from: absolutePath, sha256: sha256Hex }))
    .min(1)
    .max(200)
    .check(uniqueBy(({ path }) => path, ['path'])),
  keep: absolutePath.optional(),
  restart,
});

/** Blue-green: `link` points to the folder of another release, in one atomic rename. */
const symlinkAction = z.strictObject({ link: absolutePath, to: absolutePath, restart });

const systemdAction = z.strictObject({
  unit: unitName,
  /** `restarted` is done anew each time it is asked for. */
  state: z.enum(['started', 'stopped', 'restarted', 'reloaded']).optional(),
  /** Whether it starts with the machine. */
  enabled: z.boolean().optional(),
});

const haproxyName = z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/, { error: 'is no HAProxy name' });

/** `/run/haproxy/admin.sock` or `tcp://127.0.0.1:9999`, with `level admin`. */
const haproxySocket = z
  .string()
  .max(1024)
  .refine(
    (text) =>
      absolutePath.safeParse(text).success ||
      /^tcp:\/\/(?:\[[0-9a-fA-F:]{2,45}\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/.test(text),
    {
      error: 'must be the path of the admin socket, or tcp://HOST:PORT',
    },
  );

const haproxyAction = z.strictObject({
  socket: haproxySocket,
  /** In this order; taken back in the other. A failover is `ready` of one and `maint` of the other. */
  servers: z
    .array(
      z
        .strictObject({
          backend: haproxyName,
          server: haproxyName,
          state: z.enum(['ready', 'drain', 'maint']).optional(),
          weight: z.int().min(0).max(256).optional(),
        })
        .refine(({ state, weight }) => state !== undefined || weight !== undefined, {
          error: 'changes nothing: give state or weight',
        }),
    )
    .min(1)
    .max(100)
    .check(uniqueBy(({ backend, server }) => `${backend}/${server}`, ['server'])),
  /** How long sessions of a drained server may take to end before the step fails. Left out = not waited for. */
  drainFor: positiveDuration.optional(),
  /** At least so many servers of a backend stay up and ready, by what HAProxy says at that moment. */
  keepReady: z.int().min(1).max(1000).optional(),
});

const addresses = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);
const network = z
  .string()
  .max(64)
  .refine((text) => addresses.safeParse(text).success, {
    error: 'must be an IP address or a network such as 10.20.0.0/16',
  });
const portRange = z
  .string()
  .regex(/^(?:tcp|udp)\/\d{1,5}(?:-\d{1,5})?$/, {
    error: 'must be tcp/PORT or udp/PORT, or a range such as tcp/8081-8089',
  })
  .refine(
    (text) => {
      const [low = 0, high = low] = text.slice(4).split('-').map(Number);
      return low > 0 && low <= high && high <= 65_535;
    },
    { error: 'must be ports from 1 to 65535, the lower first' },
  );

/** A service module is cut off from the network by nftables: a network namespace, ports of a host, or addresses behind it. */
const isolateAction = z
  .strictObject({
    /** Names the table, `breakwater-isolate-MODULE`. */
    module: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'must be lower-case letters, digits and dashes' }),
    netns: identifier.optional(),
    ports: z.array(portRange).min(1).max(100).check(uniqueBy(self)).optional(),
    addresses: z.array(network).min(1).max(200).check(uniqueBy(self)).optional(),
    /** Who reaches it all the same: the operators' own network. */
    allow: z.array(network).min(1).max(200).check(uniqueBy(self)).optional(),
  })
  .refine(({ netns, ports, addresses }) => netns !== undefined || ports !== undefined || addresses !== undefined, {
    error: 'says nothing to isolate: give ports, addresses, or the netns of the module',
  });

const configLine = z
  .string()
  .max(500)
  .regex(/^[\x20-\x7e]*\S[\x20-\x7e]*$/, { error: 'must be one line of printable ASCII' });

/** Minutes are what devices count in. */
const revertAfter = positiveDuration.refine((text) => durationMs(text) >= 60_000 && durationMs(text) % 60_000 === 0, {
  error: 'must be whole minutes, such as PT5M: devices count in minutes',
});

/**
 * Configuration of network equipment. The device itself takes the change back after `revertAfter` unless we come back on a
 * new connection, find what we expect, and confirm.
 */
const networkDeviceAction = z.strictObject({
  dialect: z.enum(['cisco-ios', 'junos']),
  lines: z.array(configLine).min(1).max(500),
  /** Lines that its configuration holds once it is done; left out = `lines`. */
  expect: z.array(configLine).min(1).max(500).optional(),
  /** Of `cisco-ios`: how it reverts by itself. `reload` restarts the device, `archive` needs `archive` configured; default `reload`. */
  revertBy: z.enum(['reload', 'archive']).optional(),
  revertAfter,
  /** Whether the change outlives a restart; default true. */
  save: z.boolean().optional(),
});

const kubernetesName = z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, { error: 'is no Kubernetes name' });

const kubernetesAction = z.strictObject({
  server: httpUrl.refine((url) => /^https:/i.test(url), { error: 'must be an https address' }),
  /** Files on the execution host: the cluster's authority, and a token of an account that may patch deployments. */
  caFile: absolutePath,
  tokenFile: absolutePath,
  namespace: kubernetesName,
  deployment: kubernetesName,
  /** Images by container. */
  images: z
    .record(
      kubernetesName,
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}$/, { error: 'must be an image, best with its digest' }),
    )
    .refine(atLeastOne, { error: 'name at least one container and its image' }),
});

/** Shapes of `do` by driver. */
export const patchActions = {
  apt: aptAction,
  dpkg: dpkgAction,
  rpm: rpmAction,
  files: filesAction,
  symlink: symlinkAction,
  systemd: systemdAction.refine(({ state, enabled }) => state !== undefined || enabled !== undefined, {
    error: 'changes nothing: give state or enabled',
  }),
  haproxy: haproxyAction,
  isolate: isolateAction,
  'network-device': networkDeviceAction,
  kubernetes: kubernetesAction,
} as const;

type PatchDriver = keyof typeof patchActions;
/** What a step asks of a driver. */
export type PatchAction<D extends PatchDriver> = z.infer<(typeof patchActions)[D]>;

/** True for a driver that knows by itself how its change is taken back. */
export function isPatchDriver(driver: string): driver is PatchDriver {
  return Object.hasOwn(patchActions, driver);
}
