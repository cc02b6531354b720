/** Review: what persons declare about a run, and the dossiers that are sealed about it. */
export { classifyCause, declareFault } from './declare.ts';
export { renderDossier } from './pdf/index.ts';
export type { Declared, SealedDossier } from './store.ts';
export {
  type ExportRequest,
  type ExportedDossier,
  type TrustFiles,
  dossierBytes,
  dossiersOf,
  exportDossier,
  trustOf,
} from './workflow.ts';
