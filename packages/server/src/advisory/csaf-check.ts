import { BreakwaterError } from '@breakwater/rules';

/** A rule of CSAF that a document breaks. */
export interface CsafFault {
  /** `6.1.1`: the number of the test in the standard, chapter "Tests". */
  readonly test: string;
  /** JSON Pointer. */
  readonly path: string;
  readonly message: string;
}

type Tests = Readonly<Record<string, (document: unknown) => TestResult | Promise<TestResult>>>;
type TestResult = { isValid?: boolean; errors?: { instancePath?: string; message?: string }[] };

interface Checker {
  readonly schema: Tests[string];
  readonly mandatory: Tests;
}

/** Loaded when the first document comes: compiling the schemas takes most of a second. */
const checkers: Readonly<Record<string, () => Promise<Checker>>> = {
  '2.0': async () => {
    // @ts-expect-error The library has no types.
    const schemas = (await import('@secvisogram/csaf-validator-lib/schemaTests.js')) as Tests;
    // @ts-expect-error The library has no types.
    const mandatory = (await import('@secvisogram/csaf-validator-lib/mandatoryTests.js')) as Tests;
    return { schema: required(schemas['csaf_2_0']), mandatory };
  },
  '2.1': async () => {
    // @ts-expect-error The library has no types.
    const schemas = (await import('@secvisogram/csaf-validator-lib/csaf_2_1/schemaTests.js')) as Tests;
    // @ts-expect-error The library has no types.
    const mandatory = (await import('@secvisogram/csaf-validator-lib/csaf_2_1/mandatoryTests.js')) as Tests;
    return { schema: required(schemas['csaf_2_1']), mandatory };
  },
};
const loaded = new Map<string, Promise<Checker>>();

function required(test: Tests[string] | undefined): Tests[string] {
  if (test === undefined) throw new Error('the validator of CSAF has no schema');
  return test;
}

/**
 * Holds a document against the schema of its version and the mandatory tests. A document that does not have the schema is refused:
 * what it says is not certain. A broken mandatory rule is told and the document kept, because authors of advisories break them
 * and the hole is there all the same.
 *
 * Throws BreakwaterError `csaf.schema` with the JSON Pointer.
 */
export async function checkCsaf(document: unknown): Promise<CsafFault[]> {
  const checker = await checkerOf(document);
  const [fault] = faultsOf('schema', await checker.schema(document));
  if (fault !== undefined) {
    throw new BreakwaterError(
      'csaf.schema',
      `${fault.path === '' ? 'the document' : fault.path}: ${fault.message}`,
      fault.path,
    );
  }
  const faults: CsafFault[] = [];
  for (const [name, test] of Object.entries(checker.mandatory)) {
    const number = /^mandatoryTest_(\d+(?:_\d+)*)$/.exec(name)?.[1]?.replaceAll('_', '.');
    if (number === undefined || typeof test !== 'function') continue;
    faults.push(...faultsOf(number, await test(document)));
  }
  return [...faults, ...disguisedProfile(document)];
}

/** Names of profiles. A category that only looks like one would be taken for it by people (6.1.26). */
const profiles = [
  'csafbase',
  'csafsecurityincidentresponse',
  'csafinformationaladvisory',
  'csafsecurityadvisory',
  'csafvex',
];

/** What the validator's test of 6.1.26 does not see: the prefix without its underscore. */
function disguisedProfile(document: unknown): CsafFault[] {
  const category = (document as { document: { category: string } }).document.category;
  const bare = category.toLowerCase().replaceAll(/[\s_-]+/g, '');
  if (category.startsWith('csaf_') || !profiles.includes(bare)) return [];
  return [
    {
      test: '6.1.26',
      path: '/document/category',
      message: `the category ${JSON.stringify(category)} looks like a profile and is none`,
    },
  ];
}

async function checkerOf(document: unknown): Promise<Checker> {
  const version = (document as { document?: { csaf_version?: unknown } } | null)?.document?.csaf_version;
  const load = typeof version === 'string' ? checkers[version] : undefined;
  if (typeof version !== 'string' || load === undefined) {
    throw new BreakwaterError('csaf.schema', 'the csaf_version is none of 2.0 and 2.1', '/document/csaf_version');
  }
  const checker = loaded.get(version) ?? load();
  loaded.set(version, checker);
  return checker;
}

function faultsOf(test: string, { isValid, errors = [] }: TestResult): CsafFault[] {
  if (isValid === true || (isValid === undefined && errors.length === 0)) return [];
  const faults = errors.map(({ instancePath = '', message = '' }) => ({
    test,
    path: instancePath,
    message: message.slice(0, 500),
  }));
  return faults.length === 0 ? [{ test, path: '', message: 'is broken' }] : faults;
}
