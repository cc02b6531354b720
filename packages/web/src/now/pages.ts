/** The start page. */
export { NowPage } from './NowPage.tsx';
