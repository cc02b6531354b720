export { Denied, Refused, errorAnswers } from './answer.ts';
export { healthRoutes, readyRoute } from './health.ts';
export type { ReadinessCheck } from './health.ts';
export { createHttp } from './http.ts';
export { apiVersion } from './openapi.ts';
export type { Http, HttpOptions } from './http.ts';
export { listenOnSocket } from './listen.ts';
export { lastEventId, streamEvents } from './stream.ts';
