export { formatPurl, parsePurl, type Purl } from './purl.ts';
export { formatVers, parseVers, versContains, type Vers } from './vers.ts';
export { compareKeys, compareVersions, ecosystems, versionKey, type Ecosystem } from './version/ecosystem.ts';
