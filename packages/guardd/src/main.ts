/** Every process of guardd begins here; the first word says which it is. */
import { renewLeases } from './renewal-process.ts';

const [mode, ...argv] = process.argv.slice(2);
switch (mode) {
  case 'renew':
    renewLeases(argv);
    break;
  default:
    process.stderr.write(`guardd: "${mode ?? ''}" is not known\n`);
    process.exitCode = 2;
}
