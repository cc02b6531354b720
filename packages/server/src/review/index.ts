/** Review: what persons declare about a run, and the dossiers that are sealed about it. */
export { classifyCause, declareFault } from './declare.ts';
export { renderDossier } from './pdf/index.ts';
export { reassessmentOf } from './reassess.ts';
export { dossierBytes, dossiersOf, exportDossier, trustOf } from './workflow.ts';
