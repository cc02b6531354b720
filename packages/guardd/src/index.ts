export {
  CageRefused,
  CageLacking,
  CageUnavailable,
  findCageLevels,
  openCage,
  takePlace,
  type Cage,
  type CageMount,
  type CageOptions,
  type LevelFound,
  type Program,
  type StartOptions,
} from './cage/index.ts';
export {
  connectGuardd,
  GuarddRefused,
  GuarddUnreachable,
  type Asked,
  type ConnectOptions,
  type GuarddClient,
} from './client.ts';
export { GuarddRunning, startGuardd, type Guardd, type GuarddOptions } from './daemon/daemon.ts';
export { guardUntilSignalled, readCages, readCaps, readListen, readTarget } from './daemon/foreground.ts';
export { openTrustAuthority, type TrustAuthority } from './trust/authority.ts';
export {
  hasCredentials,
  installCertificate,
  NotTrusted,
  readCredentials,
  requestCertificate,
  takeRevocations,
} from './trust/credentials.ts';
export { enrolHere, NotEnrolled } from './trust/enrol.ts';
export { formatTlsAddress } from './trust/tls.ts';
export { startRenewer, type Lease, type RenewAnswer, type Renewer, type RenewerOptions } from './renewer.ts';
export {
  adversarialScripts,
  lookingScript,
  openProbeServer,
  testerOf,
  type Tester,
  type TesterContext,
} from './testers/index.ts';
export {
  createScriptedModel,
  type ScriptedModel,
  type ScriptedRequest,
  type ScriptedTurn,
} from './testers/scripted-model.ts';
