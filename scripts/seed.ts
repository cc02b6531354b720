/**
 * The seed of everything that the tests choose by chance: values of properties, and the one case of a fault kind.
 * `TEST_SEED` sets it; `fresh` draws one, once a test run.
 */
const drawn = (): number => crypto.getRandomValues(new Uint32Array(1)).reduce((_, word) => word >>> 1, 0);

function read(text: string | undefined): number {
  const seed = text === 'fresh' ? drawn() : Number(text ?? '1');
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed;
  throw new Error(`TEST_SEED must be fresh or a whole number below ${2 ** 31}; it is ${JSON.stringify(text)}`);
}

export const seed = read(process.env['TEST_SEED']);
// The workers of a test run inherit what was drawn.
process.env['TEST_SEED'] = String(seed);
