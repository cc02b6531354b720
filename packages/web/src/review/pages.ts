/** Casework: cases before a committee. */
export { CasePage } from './CasePage.tsx';
export { CasesPage } from './CasesPage.tsx';
