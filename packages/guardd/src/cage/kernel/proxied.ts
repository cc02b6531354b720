/** The HTTP proxy inside the gate, for scopes that have a layer for HTTP. */
import { destinationKey, type DeniedTraffic } from '@breakwater/rules/containment';
import type { CageMount, CageOptions } from '../cage.ts';
import { proxyEnvironment, startGateProxy } from '../proxy/index.ts';
import { enter } from './network.ts';
import type { Slot } from './slot.ts';

/** Where the proxy listens for the tool, at the gate's address. */
export const proxyPort = 3128;
const certificateInside = '/etc/ssl/breakwater-proxy.pem';

export interface CageProxy {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly CageMount[];
  /** What it refused, each destination once. */
  denied(): readonly DeniedTraffic[];
  /** Whom it tells from now on. */
  watch(by: ProxyWatch): void;
  close(): Promise<void>;
}

interface ProxyWatch {
  /** It refused one more attempt outside the scope; `packets` counts those of that destination. */
  onDenied(attempt: DeniedTraffic): void;
  /** It ended though nobody closed it. */
  onGone(): void;
}

export async function openProxy({ scope, folder }: CageOptions, slot: Slot, address: string): Promise<CageProxy> {
  const denied = new Map<string, DeniedTraffic>();
  let watch: ProxyWatch | null = null;
  const proxy = await startGateProxy({
    scope,
    folder,
    listen: [{ address, port: proxyPort }],
    enter: enter(slot.gate),
    onAttempt(attempt) {
      denied.set(destinationKey(attempt), attempt);
      watch?.onDenied(attempt);
    },
    onGone: () => watch?.onGone(),
  });
  return {
    env: proxyEnvironment(`http://${address}:${proxyPort}`, certificateInside),
    mounts: [{ from: proxy.certificateFile, at: certificateInside, writable: false }],
    denied: () => [...denied.values()],
    watch(by) {
      watch = by;
    },
    async close() {
      watch = null;
      await proxy.close();
    },
  };
}
