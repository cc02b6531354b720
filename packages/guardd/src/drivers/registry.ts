/** The patch drivers by the word that plans use. Each is loaded when a step needs it. */
import type { PatchDriver } from './patch-driver.ts';

type Loaded = PatchDriver<never, unknown>;

export const patchDrivers: Readonly<Record<string, () => Promise<Loaded>>> = {
  apt: async () => (await import('./deb.ts')).aptDriver,
  dpkg: async () => (await import('./deb.ts')).dpkgDriver,
};
