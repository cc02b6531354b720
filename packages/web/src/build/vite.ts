import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What the browser gets: hashed files and the manifest that names them. */
export function browserBuild(folder: string): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    publicDir: false,
    build: {
      outDir: join(folder, 'browser'),
      manifest: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      // One file of style: a document has levers in it before their script is loaded.
      cssCodeSplit: false,
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      rollupOptions: { input: join(root, 'src/app/main.tsx') },
    },
  };
}

/** What the server gets: the program that writes documents, in one file. */
export function documentBuild(folder: string): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'src/document/index.ts'),
      outDir: join(folder, 'document'),
      target: 'node24',
      emptyOutDir: true,
      rollupOptions: { output: { entryFileNames: 'document.js' } },
    },
  };
}
