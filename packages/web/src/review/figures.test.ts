import { expect, test } from 'vitest';
import { numbersIn } from './figures.ts';

test('numbers of records are read with commas, spaces or lines between, each once, and nothing else is', () => {
  expect(numbersIn('12, 40\n12 x 7')).toEqual([12, 40, 7]);
  expect(numbersIn('')).toEqual([]);
});
