/** Every process of guardd begins here; the first word says which it is, and only what it needs is loaded. */
import { enableCompileCache } from 'node:module';
import { compileCache } from './entry.ts';

// Run from source, compiled code is kept: a supervisor that replaces another must start fast.
if (import.meta.url.endsWith('.ts')) enableCompileCache(compileCache);

const [mode, ...argv] = process.argv.slice(2);
switch (mode) {
  case 'renew':
    (await import('./renewal-process.ts')).renewLeases(argv);
    break;
  case 'supervise':
    await (await import('./supervisor/supervise.ts')).supervise(argv);
    break;
  case 'tester':
    await (await import('./testers/inside.ts')).beTester(argv);
    break;
  case 'proxy':
    (await import('./cage/proxy/proxy-process.ts')).serveProxy();
    break;
  case 'gate':
    (await import('./cage/kernel/gate-process.ts')).serveGate(argv);
    break;
  case 'canary':
    await (await import('./cage/kernel/canary.ts')).flyCanary(argv);
    break;
  case 'drive':
    await (await import('./drivers/drive.ts')).drive();
    break;
  case 'enrol':
    process.exitCode = await (await import('./daemon/foreground.ts')).enrolByWords(argv);
    break;
  default:
    process.exitCode = await (
      await import('./daemon/foreground.ts')
    ).serveWords(mode === 'guardd' ? argv : process.argv.slice(2));
}
