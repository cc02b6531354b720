import type { AddressInfo } from 'node:net';
import type { PasskeyPlace } from '@breakwater/rules';
import type { Config } from '#platform/config';
import type { Http } from '#platform/http';

/**
 * Where browsers reach the console. Without `http.publicUrl` it is `localhost`, because a passkey belongs to a domain and
 * a browser gives it to no bare address.
 */
export function consolePlace(app: Http, { http }: Config): PasskeyPlace {
  const address = app.server.address() as AddressInfo | null;
  const origin = http.publicUrl ?? `http://localhost:${address?.port ?? http.port}`;
  return { origin, rpId: new URL(origin).hostname };
}
