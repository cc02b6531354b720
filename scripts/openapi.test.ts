import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { generated } from './openapi.ts';
import { typeOf, typescriptOf, type Schema } from './typescript-of.ts';

const root = join(import.meta.dirname, '..');

test('the committed client is the one that the routes give; otherwise run `npm run openapi`', async () => {
  for (const [path, text] of Object.entries(await generated())) {
    expect(readFileSync(join(root, path), 'utf8') === text, path).toBe(true);
  }
});

/** What the TypeScript compiler says about these lines, after the generated types. */
function compile(types: string, lines: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-types-'));
  try {
    writeFileSync(join(folder, 'planted.ts'), `${types}\n${lines}\n`);
    const options = {
      strict: true,
      noEmit: true,
      target: 'es2024',
      module: 'nodenext',
      types: [],
      exactOptionalPropertyTypes: true,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['planted.ts'] }));
    return spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the types of a schema', () => {
  const shapes: Record<string, { schema: z.ZodType; accepts: string[]; refuses: string[] }> = {
    Strict: {
      schema: z.strictObject({ a: z.string(), b: z.int().optional(), 'c-d': z.boolean().nullable() }),
      accepts: ['{ a: "x", "c-d": null }', '{ a: "x", b: 1, "c-d": true }'],
      refuses: ['{ a: "x" }', '{ a: 1, "c-d": null }', '{ a: "x", "c-d": null, e: 1 }'],
    },
    Union: {
      schema: z.discriminatedUnion('k', [
        z.object({ k: z.literal('x'), n: z.number() }),
        z.object({ k: z.literal('y') }),
      ]),
      accepts: ['{ k: "x", n: 1 }', '{ k: "y" }'],
      refuses: ['{ k: "x" }', '{ k: "z" }'],
    },
    List: { schema: z.array(z.enum(['a', 'b'])), accepts: ['[]', '["a", "b"]'], refuses: ['["c"]', '"a"'] },
    Pair: { schema: z.tuple([z.string(), z.number()]), accepts: ['["a", 1]'], refuses: ['["a"]', '[1, "a"]'] },
    Table: { schema: z.record(z.string(), z.int()), accepts: ['{}', '{ a: 1 }'], refuses: ['{ a: "1" }'] },
    Loose: {
      schema: z.looseObject({ reason: z.string() }),
      accepts: ['{ reason: "x", more: 1 }'],
      refuses: ['{ more: 1 }'],
    },
    Anything: { schema: z.unknown(), accepts: ['1', 'null'], refuses: [] },
    Nothing: { schema: z.never(), accepts: [], refuses: ['1'] },
  };
  const types = Object.entries(shapes)
    .map(([name, { schema }]) => `type ${name} = ${typeOf(z.toJSONSchema(schema) as Schema, name)};`)
    .join('\n');
  const uses = (which: 'accepts' | 'refuses'): string[] =>
    Object.entries(shapes).flatMap(([name, shape]) => shape[which].map((value) => `((_: ${name}) => _)(${value});`));

  test('take what the schema takes', () => {
    expect(compile(types, uses('accepts').join('\n'))).toBe('');
  });

  test('refuse what the schema refuses', () => {
    const lines = uses('refuses');
    const errors = compile(types, lines.join('\n'))
      .split('\n')
      .filter((line) => line.includes('error TS'));
    expect(new Set(errors.map((line) => /planted\.ts\((\d+)/.exec(line)?.[1])).size).toBe(lines.length);
  });

  test('are not guessed where a keyword is unknown', () => {
    expect(() => typeOf({ type: 'object', patternProperties: {} }, 'x')).toThrow(/patternProperties/);
    expect(() => typeOf({ $ref: 'other.json' }, 'x')).toThrow(/other\.json/);
  });

  test('cannot be broken out of by a name or a description', () => {
    const evil = {
      type: 'object',
      properties: { "a'b */": { type: 'string', description: 'x */ y' } },
      required: ["a'b */"],
    };
    const text = typescriptOf({ components: { schemas: { Evil: evil } }, paths: {} });
    expect(compile(text, `((_: components['schemas']['Evil']) => _)({ "a'b */": 'x' });`)).toBe('');
  });
});
