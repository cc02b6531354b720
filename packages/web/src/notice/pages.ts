/** Notices: the list, one notice, and the composer. */
export { ComposerPage } from './ComposerPage.tsx';
export { NoticePage } from './NoticePage.tsx';
export { NoticesPage } from './NoticesPage.tsx';
