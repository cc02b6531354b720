/** The log, its checkpoints, and the verification of a dossier. */
export { CheckpointsPage } from './CheckpointsPage.tsx';
export { EvidencePage } from './EvidencePage.tsx';
export { VerifyPage } from './VerifyPage.tsx';
