/** The client of commands: over the server's Unix socket, or over TCP with its token. */
import { clientThrough, type Client } from './client.ts';
import { fetchOverSocket } from './socket.ts';

export { ServerError, type Client, type Schemas } from './client.ts';
export type { Json } from './generated/api.ts';

/** Where the server is: its Unix socket, or its address with the token of its run folder. */
export type Server = { socket: string } | { url: string; token: string };

/** No server answered. */
export class ServerAway extends Error {
  constructor(server: Server, cause: unknown) {
    super(`no server answers at ${'socket' in server ? server.socket : server.url}`, { cause });
    this.name = 'ServerAway';
  }
}

/** Makes a client of the server. Nothing is sent until a call. */
export function createClient(server: Server): Client {
  return clientThrough('socket' in server ? 'http://localhost' : server.url, (request) => call(server, request));
}

async function call(server: Server, request: Request): Promise<Response> {
  try {
    if ('socket' in server) return await fetchOverSocket(server.socket, request);
    request.headers.set('authorization', `Bearer ${server.token}`);
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ServerAway(server, error);
  }
}
