export { connectGuardd, GuarddRefused, GuarddUnreachable, type Asked, type ConnectOptions, type GuarddClient } from './client.ts';
export { startRenewer, type Lease, type RenewAnswer, type Renewer, type RenewerOptions } from './renewer.ts';
