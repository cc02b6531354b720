/**
 * `node conformance/dossier/make.ts v0.1.0`: writes the example dossier of a release with its policy and keys. Done once,
 * when the release is made; afterwards the folder is never touched again, and `forever.test.ts` verifies it for ever.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { exampleDossier } from './build.ts';
import { keys, policy } from './trust.ts';

const [version = ''] = process.argv.slice(2);
if (!/^v\d+\.\d+\.\d+$/.test(version)) throw new Error('usage: node conformance/dossier/make.ts v0.1.0');
const folder = `${import.meta.dirname}/${version}`;
if (existsSync(folder)) throw new Error(`${folder} exists: the dossier of a release is never made again`);
const { zip } = await exampleDossier(version.slice(1));
mkdirSync(folder);
writeFileSync(`${folder}/dossier.zip`, zip);
writeFileSync(`${folder}/policy`, policy);
writeFileSync(`${folder}/keys.json`, `${JSON.stringify(keys, null, 2)}\n`);
