/** The start page. */
export { nowWords } from './words.ts';
