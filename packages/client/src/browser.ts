/** The client of the console: the server that the page came from, with the session of the browser. */
import { clientThrough, type Client } from './client.ts';

export { apiVersion, ServerError, serverError, type Client, type Schemas } from './client.ts';

/** Makes a client of the server at `origin`. Nothing is sent until a call. */
export function createBrowserClient(origin: string): Client {
  return clientThrough(origin, (request) => fetch(request));
}
