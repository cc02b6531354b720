export type { Cage, CageMount, CageOptions, Program, StartOptions } from './cage.ts';
