/** Builds the console into the folder of its argument: a process of its own, so that no server waits or grows for it. */
import { build } from 'vite';
import { browserBuild, documentBuild } from './vite.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('the folder to build into is the argument');
await Promise.all([build(browserBuild(folder)), build(documentBuild(folder))]);
