/** A real OpenID provider on loopback, whose persons sign in without a page: whoever `who` says, as strongly as it says. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface TestProvider {
  readonly issuer: string;
  readonly who: { subject: string; acr: string; signedInAt: number | null };
  close(): void;
}

export const clientId = 'breakwater';
export const clientSecret = 'a-client-secret-of-this-test-with-enough-letters';

/** Starts a provider; `callback` is known once the server of the test listens. */
export async function openProvider(callback: () => string): Promise<TestProvider> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const who: TestProvider['who'] = { subject: 'account-17', acr: 'urn:bank:two-factors', signedInAt: null };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [callback()],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    acrValues: ['urn:bank:two-factors', 'urn:bank:password'],
    cookies: { keys: ['a-key-of-this-test'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ clientId, accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return void handle(request, response);
    const { subject, acr, signedInAt } = who;
    const login = { accountId: subject, acr, ...(signedInAt === null ? {} : { ts: signedInAt }) };
    void provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  });
  return { issuer, who, close: () => void (server.closeAllConnections(), server.close()) };
}

/** A browser that goes where it is sent, with cookies by host, until it would open `until`; that address is returned. */
export async function goWhereSent(from: string, until: string): Promise<string> {
  const jar = new Map<string, string>();
  let url = new URL(from);
  for (let hops = 0; hops < 12; hops += 1) {
    if (url.href.startsWith(until)) return url.href;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${url.pathname} sent nowhere (${answer.status}): ${await answer.text()}`);
    url = new URL(location, url);
  }
  throw new Error('sent round and round');
}
