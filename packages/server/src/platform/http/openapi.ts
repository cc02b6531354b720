import { createHash } from 'node:crypto';
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { z } from 'zod';
import { problemType } from './answer.ts';

type JsonSchema = { [keyword: string]: unknown };
type Transform = NonNullable<FastifyDynamicSwaggerOptions['transform']>;
type TransformObject = NonNullable<FastifyDynamicSwaggerOptions['transformObject']>;

/** What the addresses of the API begin with. What is outside it (health, metrics, the console) is no part of the API. */
export const apiVersion = '/v1';

/** Parts of a route that are read (`input`: before defaults are filled in), and written. */
const inputParts = ['body', 'querystring', 'params', 'headers'] as const;

/**
 * Turns the zod schemas of routes into the OpenAPI document. A schema with an id (`.meta({ id })`), and one that contains
 * itself, becomes a component that the routes refer to; all others stand where they are used.
 */
export function createDescriber(): { transform: Transform; transformObject: TransformObject } {
  const components: Record<string, JsonSchema> = {};

  function describe(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const text = JSON.stringify(
      z.toJSONSchema(schema, { io, unrepresentable: 'any', cycles: 'ref', reused: 'inline' }),
    );
    const { $schema: _, $defs, id, ...root } = JSON.parse(text) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    const names = new Map(Object.entries($defs ?? {}).map(([name, part]) => [name, componentName(name, part)]));
    if (typeof id === 'string') names.set('#', componentName(id, root));
    for (const [name, part] of Object.entries($defs ?? {}))
      keep(names.get(name) ?? name, pointToComponents(part, names));
    const described = pointToComponents(root, names);
    return typeof id === 'string' ? keep(names.get('#') ?? id, described) : described;
  }

  /** Adds a component and returns the reference to it. What is read and what is written may differ under one id. */
  function keep(name: string, schema: JsonSchema): JsonSchema {
    const { id: _, ...kept } = schema;
    const taken = components[name];
    if (taken !== undefined && JSON.stringify(taken) !== JSON.stringify(kept)) {
      if (name.endsWith('Input')) throw new Error(`three different schemas are named ${name}`);
      return keep(`${name}Input`, schema);
    }
    components[name] = kept;
    return { $ref: `#/components/schemas/${name}` };
  }

  return {
    transform({ schema, url }) {
      const described: Record<string, unknown> = { ...schema };
      // Addresses in the document are below its server, which is the version.
      if (!url.startsWith(`${apiVersion}/`)) return { schema: { ...described, hide: true }, url };
      for (const part of inputParts) {
        if (described[part] instanceof z.ZodType) described[part] = describe(described[part], 'input');
      }
      const answers = Object.entries((described['response'] ?? {}) as Record<string, unknown>).map(
        ([status, answer]) => [
          status,
          answer instanceof z.ZodType ? answered(status, describe(answer, 'output')) : answer,
        ],
      );
      if (answers.length > 0) described['response'] = Object.fromEntries(answers);
      return { schema: described, url: url.slice(apiVersion.length) };
    },
    transformObject(document) {
      const { openapiObject } = document as { openapiObject: JsonSchema };
      return { ...openapiObject, components: { schemas: components } };
    },
  };
}

/** An answer by its status: whatever is no success is a problem (RFC 9457). */
function answered(status: string, schema: JsonSchema): JsonSchema {
  if (!/^[45]xx$/i.test(status)) return schema;
  return { description: 'The answer is no, or it failed', content: { [problemType]: { schema } } };
}

/** What `z.json()` is described as: any JSON value. */
function isAnyJson({ anyOf }: JsonSchema): boolean {
  const types = Array.isArray(anyOf) ? anyOf.map((one: JsonSchema) => one['type']) : [];
  return ['string', 'number', 'boolean', 'null', 'array', 'object'].every((type) => types.includes(type));
}

/** An id with the characters that a component may have; a schema without one is named by what it says. */
function componentName(name: string, schema: JsonSchema): string {
  if (!name.startsWith('__schema')) return name.replaceAll(/[^A-Za-z0-9._-]/g, '-');
  if (isAnyJson(schema)) return 'Json';
  return `Recursive${createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 8)}`;
}

function pointToComponents(schema: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    const name = names.get(
      value
        .replace(/^#\/\$defs\//, '')
        .replaceAll('~1', '/')
        .replaceAll('~0', '~'),
    );
    if (name === undefined)
      throw new Error(`${value} refers to a schema that has no id: give it one with .meta({ id })`);
    return `#/components/schemas/${name}`;
  }) as JsonSchema;
}
