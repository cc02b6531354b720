/** The start page: what of it stands in the server's documents. */
export { StopAll } from './StopAll.tsx';
export { nowWords } from './words.ts';
