/** The program that writes the console's documents on the server. */
export { documentOf } from './Document.tsx';
export { isPage } from './pages.ts';
