/** Relief: the board of claims, one claim, and the ledgers of a run. */
export { ClaimPage } from './ClaimPage.tsx';
export { ClaimsPage } from './ClaimsPage.tsx';
export { LedgersPage } from './LedgersPage.tsx';
