// Generated from openapi.json by `npm run openapi`; never edited by hand.

export interface paths {
  '/healthz': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The process is alive */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': {
          alive: true;
        }; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The server can do its work */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Readiness']; } };
        503: { headers: { [name: string]: unknown }; content: { 'application/json': components['schemas']['Readiness']; } };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}

export interface components {
  schemas: {
    Readiness: {
      checks: ({
        detail: (string | null);
        id: string;
        ok: boolean;
      })[];
      ready: boolean;
    };
  };
}
