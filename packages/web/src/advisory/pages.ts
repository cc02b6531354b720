/** Exposure: what is exposed and why, advisories, disseminations, patches. */
export { AdvisoriesPage } from './AdvisoriesPage.tsx';
export { AdvisoryPage } from './AdvisoryPage.tsx';
export { DisseminationsPage } from './DisseminationsPage.tsx';
export { ExposurePage } from './ExposurePage.tsx';
export { OneExposurePage } from './OneExposurePage.tsx';
export { PatchesPage } from './PatchesPage.tsx';
