/** `npm run console`: builds the console beforehand, for an installation whose folder is read-only later. */
import { openConsole } from '@breakwater/web';

const { assets } = await openConsole(() => process.stderr.write('building the console\n'));
process.stdout.write(`${assets}\n`);
