export { formatPurl, parsePurl, type Purl } from './purl.ts';
