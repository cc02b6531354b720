/** Before each test file: properties draw their values from the seed of this test run, so that a failure comes again. */
import fc from 'fast-check';
import { seed } from './seed.ts';

fc.configureGlobal({ seed });
