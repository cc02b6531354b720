/** Entry of `./breakwater`: compiled code is kept, which more than halves the start of a short command, then main runs. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Where the folder cannot be written, Node.js goes on without.
enableCompileCache(fileURLToPath(new URL('../../../.breakwater/compile-cache', import.meta.url)));
const { main } = await import('./main.ts');
await main(process.argv.slice(2));
