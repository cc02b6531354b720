/** The patch drivers by the word that plans use. Each is loaded when a step needs it. */
import type { PatchDriver } from './patch-driver.ts';

type Loaded = PatchDriver<never, unknown>;

export const patchDrivers: Readonly<Record<string, () => Promise<Loaded>>> = {
  apt: async () => (await import('./deb.ts')).aptDriver,
  dpkg: async () => (await import('./deb.ts')).dpkgDriver,
  rpm: async () => (await import('./rpm.ts')).rpmDriver,
  files: async () => (await import('./files.ts')).filesDriver,
  symlink: async () => (await import('./symlink.ts')).symlinkDriver,
  systemd: async () => (await import('./systemd.ts')).systemdDriver,
  haproxy: async () => (await import('./haproxy.ts')).haproxyDriver,
  isolate: async () => (await import('./isolate.ts')).isolateDriver,
  'network-device': async () => (await import('./network-device.ts')).networkDeviceDriver,
  kubernetes: async () => (await import('./kubernetes.ts')).kubernetesDriver,
};
