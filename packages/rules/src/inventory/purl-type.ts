/**
 * What single types of package URL ask for beyond the general rules (purl-spec, type definitions): folding of case,
 * parts that must or must not be there, and values with a form of their own. A type without a line has none.
 */
import type { Purl } from './purl.ts';

type Part = 'namespace' | 'name' | 'version';

interface PurlType {
  /** Parts that are folded to lower case. */
  readonly lower?: readonly Part[];
  /** `none`: must be absent; `needed`: must be there. */
  readonly namespace?: 'none' | 'needed';
  /** Qualifiers that must be there. */
  readonly qualifiers?: readonly string[];
  /** Only the first segment of the path is the namespace; the rest is the name, slashes and all. */
  readonly pathName?: true;
  /** Form of a part, with what it must be in words. */
  readonly form?: Partial<Record<Part, { readonly pattern: RegExp; readonly rule: string }>>;
  /** Any further folding. */
  fold?(purl: Purl): Purl;
}

const foldBoth: PurlType = { lower: ['namespace', 'name'] };
const mlflowFolds = /(?:^|[/.])(?:[a-z0-9-]+\.)*(?:azuredatabricks|databricks)\.[a-z.]+(?:\/|$)/;

export const purlTypes: Readonly<Record<string, PurlType>> = {
  alpm: foldBoth,
  apk: foldBoth,
  bitbucket: foldBoth,
  bitnami: { lower: ['name'] },
  brew: foldBoth,
  'chrome-extension': {
    namespace: 'none',
    form: {
      name: { pattern: /^[a-p]{32}$/, rule: '32 letters from a to p' },
      version: { pattern: /^[0-9]+(?:\.[0-9]+){0,3}$/, rule: 'one to four numbers with dots between them' },
    },
  },
  composer: foldBoth,
  cpan: { form: { name: { pattern: /^(?!.*::)/s, rule: 'a distribution, without ::' } } },
  deb: foldBoth,
  git: { ...foldBoth, pathName: true },
  github: foldBoth,
  golang: foldBoth,
  hex: foldBoth,
  huggingface: { lower: ['version'] },
  julia: { qualifiers: ['uuid'] },
  mlflow: {
    // Names are case-insensitive in the registry of Databricks alone.
    fold: (purl) =>
      mlflowFolds.test(purl.qualifiers?.['repository_url'] ?? '') ? { ...purl, name: purl.name.toLowerCase() } : purl,
  },
  npm: foldBoth,
  oci: { lower: ['name'], namespace: 'none' },
  otp: { lower: ['name'], namespace: 'none' },
  pub: { lower: ['name'] },
  pypi: { lower: ['name'], fold: (purl) => ({ ...purl, name: purl.name.replaceAll('_', '-') }) },
  rpm: { lower: ['namespace'] },
  swid: { qualifiers: ['tag_id'] },
  swift: { namespace: 'needed' },
  vcpkg: { namespace: 'none' },
  'vscode-extension': { ...foldBoth, namespace: 'needed' },
};
