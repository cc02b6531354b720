/** Entry of `./breakwater`: compiled code is kept, which more than halves the start of a short command, then main runs. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Where the folder cannot be written, Node.js goes on without.
enableCompileCache(fileURLToPath(new URL('../../../.breakwater/compile-cache', import.meta.url)));
process.stdout.on('error', endWhenReaderIsGone);
process.stderr.on('error', goOnUnseen);
const { main } = await import('./main.ts');
await main(process.argv.slice(2));

/** `breakwater … | head` is no failure. */
function endWhenReaderIsGone(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}

/** What is told on stderr may go unread: a guard does not leave its post because `2>&1 | head` has seen enough. */
function goOnUnseen(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}
