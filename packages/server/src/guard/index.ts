/** The guard: execution hosts, requests to their guardd, and the intake of their journals. It never imports the runner. */
export { certificatesOf, guardOf, hostsSeen } from './compose.ts';
export { enrolHost } from './hosts.ts';
export type { JournalSink } from './ingest.ts';
export { disruptionsBetween } from './store.ts';
export { GuarddRefused, GuarddUnreachable, hostTransport } from './transport.ts';
export { createGuard, HostUnfit } from './workflow.ts';
export type { Guard } from './workflow.ts';
