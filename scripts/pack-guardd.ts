/**
 * `npm run pack:guardd`: one self-contained file, `dist/guardd.mjs`, that needs Node.js and nothing else. It holds the
 * daemon, the supervisor, the sentinel and the renewal of leases; `packages/guardd/systemd` has the unit that runs it.
 */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const unit = join(root, 'packages/guardd/systemd/breakwater-guardd.service');
const file = join(root, 'dist/guardd.mjs');

await build({
  entryPoints: [join(root, 'packages/guardd/src/main.ts')],
  outfile: file,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'inline',
  logLevel: 'warning',
  // Native parts that the SSH client does without where they are not built, as they are nowhere here.
  external: ['cpu-features', '*.node'],
  // Packages that still speak CommonJS ask for Node.js modules by `require`, and for their folder.
  banner: {
    js: `#!/usr/bin/env node\nimport { createRequire as breakwaterRequire } from 'node:module';\nconst require = breakwaterRequire(import.meta.url);\nconst __dirname = import.meta.dirname;`,
  },
});
chmodSync(file, 0o755);
copyFileSync(unit, join(root, 'dist', basename(unit)));

const bytes = readFileSync(file);
process.stdout.write(`${file}  ${bytes.length} bytes  sha256:${createHash('sha256').update(bytes).digest('hex')}\n`);
