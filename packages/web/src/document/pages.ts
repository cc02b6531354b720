import { sections } from '#shell';

/** Pages outside the sections. */
const ownPages: ReadonlySet<string> = new Set(['sign-in', 'account']);

/** True for an address of a page of the console: its first part is a section's. */
export function isPage(path: string): boolean {
  const first = path.split('/')[1] ?? '';
  return ownPages.has(first) || sections.some(({ addresses }) => addresses.includes(first));
}

/** The run whose page an address is; null for any other page. */
export function runOfPage(path: string): string | null {
  const found = /^\/runs\/([^/]{1,128})\/?$/.exec(path)?.[1];
  return found === undefined ? null : decodeURIComponent(found);
}
