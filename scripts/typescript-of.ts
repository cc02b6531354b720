/**
 * TypeScript types of an OpenAPI 3.1 document, in the shape that openapi-fetch reads: `paths` and `components`.
 * Covers the JSON Schema that zod writes; anything else is an error rather than a guess.
 */

export type Schema = boolean | { readonly [keyword: string]: unknown };
export type OpenApi = {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
};
type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: Schema };
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
type Operation = {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content?: Content };
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>;
};

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
const places = ['query', 'header', 'path', 'cookie'] as const;
/** Keywords that bound values but do not change the TypeScript type, or only describe. */
const silent: ReadonlySet<string> = new Set(
  [
    [
      'title',
      'description',
      'default',
      'examples',
      'example',
      'deprecated',
      'readOnly',
      'writeOnly',
      '$schema',
      '$id',
      'id',
    ],
    [
      'minimum',
      'maximum',
      'exclusiveMinimum',
      'exclusiveMaximum',
      'multipleOf',
      'minLength',
      'maxLength',
      'pattern',
      'format',
    ],
    [
      'minItems',
      'maxItems',
      'uniqueItems',
      'minProperties',
      'maxProperties',
      'propertyNames',
      'contentEncoding',
      'contentMediaType',
    ],
  ].flat(),
);

/** The module text with the types of `document`. */
export function typescriptOf(document: OpenApi): string {
  const schemas = sorted(document.components?.schemas ?? {});
  const paths = sorted(document.paths ?? {});
  const recursive = schemas.filter(([name]) => isRecursive(name));
  return [
    '// Generated from openapi.json by `npm run openapi`; never edited by hand.',
    '',
    // A type may refer to itself by its name, not through the interface that holds it.
    ...recursive.map(([name, schema]) => `export type ${name} = ${typeOf(schema, name)};\n`),
    block(
      'export interface paths',
      paths.map(([path, operations]) => `${quote(path)}: ${pathItem(operations)};`),
    ),
    '',
    block('export interface components', [
      block(
        'schemas:',
        schemas.map(([name, schema]) =>
          isRecursive(name) ? `${name}: ${name};` : `${key(name)}: ${typeOf(schema, `components/${name}`)};`,
        ),
      ) + ';',
    ]),
    '',
  ].join('\n');
}

function pathItem(operations: Readonly<Record<string, Operation>>): string {
  return block('', [
    'parameters: { query?: never; header?: never; path?: never; cookie?: never };',
    ...methods.map((method) => {
      const operation = operations[method];
      return operation === undefined
        ? `${method}?: never;`
        : `${comment(operation.summary)}${method}: ${operationType(operation)};`;
    }),
  ]);
}

function operationType(operation: Operation): string {
  const responses = sorted(operation.responses ?? {}).map(([status, response]) => {
    const name = /^\d{3}$/.test(status) ? status : quote(status.toUpperCase());
    return `${name}: { headers: { [name: string]: unknown }; content${contentType(response.content, '?: never')} };`;
  });
  const body = operation.requestBody;
  return block('', [
    block(
      'parameters:',
      places.map((place) => parametersIn(place, operation.parameters ?? [])),
    ) + ';',
    body === undefined
      ? 'requestBody?: never;'
      : `requestBody${body.required === false ? '?' : ''}: { content${contentType(body.content, '?: never')} };`,
    block('responses:', responses) + ';',
  ]);
}

function parametersIn(place: string, parameters: readonly Parameter[]): string {
  const here = parameters.filter((parameter) => parameter.in === place);
  if (here.length === 0) return `${place}?: never;`;
  const fields = here.map(
    ({ name, required, schema }) =>
      `${key(name)}${required === true ? '' : '?'}: ${typeOf(schema ?? true, `parameter ${name}`)};`,
  );
  const optional = here.every(({ required }) => required !== true);
  return `${place}${optional ? '?' : ''}: { ${fields.join(' ')} };`;
}

function contentType(content: Content | undefined, none: string): string {
  if (content === undefined) return none;
  return `: { ${sorted(content)
    .map(([media, { schema }]) => `${quote(media)}: ${typeOf(schema ?? true, media)};`)
    .join(' ')} }`;
}

/** The type of a schema. `where` names it in the error that an unknown keyword is. */
export function typeOf(schema: Schema, where: string): string {
  if (schema === true) return 'unknown';
  if (schema === false) return 'never';
  const { $ref, not, ...rest } = schema;
  if (typeof $ref === 'string') return refType($ref, where);
  const words = Object.keys(rest).filter((word) => !silent.has(word));
  const unknown = words.find((word) => !known.has(word));
  if (unknown !== undefined) throw new Error(`${where}: the keyword ${unknown} has no TypeScript`);
  if (not !== undefined && words.length === 0) return isEmpty(not) ? 'never' : 'unknown';
  const parts = [
    'const' in rest ? JSON.stringify(rest['const']) : null,
    Array.isArray(rest['enum']) ? union(rest['enum'].map((value) => JSON.stringify(value))) : null,
    'anyOf' in rest ? union(list(rest['anyOf']).map((one) => typeOf(one, where))) : null,
    'oneOf' in rest ? union(list(rest['oneOf']).map((one) => typeOf(one, where))) : null,
    'allOf' in rest ? intersection(list(rest['allOf']).map((one) => typeOf(one, where))) : null,
  ].filter((part) => part !== null);
  if (parts.length > 0) return intersection(parts);
  if (rest['type'] === undefined) return 'properties' in rest ? objectType(rest, where) : 'unknown';
  return union([rest['type']].flat().map((type) => namedType(type, rest, where)));
}

const known: ReadonlySet<string> = new Set(
  [
    ['type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf'],
    ['properties', 'required', 'additionalProperties', 'items', 'prefixItems', '$defs'],
  ].flat(),
);

function namedType(type: unknown, schema: Readonly<Record<string, unknown>>, where: string): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return arrayType(schema, where);
    case 'object':
      return objectType(schema, where);
    default:
      throw new Error(`${where}: the type ${JSON.stringify(type)} has no TypeScript`);
  }
}

function arrayType({ items, prefixItems }: Readonly<Record<string, unknown>>, where: string): string {
  if (prefixItems !== undefined) {
    const rest = items === undefined || items === false ? [] : [`...(${typeOf(items as Schema, where)})[]`];
    return `[${[...list(prefixItems).map((one) => typeOf(one, where)), ...rest].join(', ')}]`;
  }
  return `(${typeOf((items ?? true) as Schema, where)})[]`;
}

function objectType(schema: Readonly<Record<string, unknown>>, where: string): string {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const required = (schema['required'] ?? []) as readonly string[];
  const fields = properties.map(([name, child]) => {
    const text = typeof child === 'object' ? comment(child['description'] as string | undefined) : '';
    return `${text}${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(child, `${where}/${name}`)};`;
  });
  const more = schema['additionalProperties'];
  if (more === false || (more === undefined && fields.length > 0))
    return fields.length === 0 ? 'Record<string, never>' : block('', fields);
  const rest = `{ [name: string]: ${typeOf((more ?? true) as Schema, where)} }`;
  return fields.length === 0 ? rest : `(${block('', fields)} & ${rest})`;
}

function refType(ref: string, where: string): string {
  const name = /^#\/components\/schemas\/([^/]+)$/.exec(ref)?.[1];
  if (name === undefined) throw new Error(`${where}: ${ref} is no schema of this document`);
  return isRecursive(name) ? name : `components['schemas'][${quote(decodeURIComponent(name))}]`;
}

/** Schemas that refer to themselves have names that the server makes. */
function isRecursive(name: string): boolean {
  return /^(Json|Recursive[0-9a-f]{8})$/.test(name);
}

function isEmpty(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0;
}

function list(value: unknown): readonly Schema[] {
  return value as readonly Schema[];
}

function union(types: readonly string[]): string {
  return types.length === 1 ? (types[0] ?? 'never') : `(${[...new Set(types)].join(' | ')})`;
}

function intersection(types: readonly string[]): string {
  return types.length === 1 ? (types[0] ?? 'unknown') : `(${types.join(' & ')})`;
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function block(head: string, lines: readonly string[]): string {
  const body = lines.map((line) => line.replaceAll(/^/gm, '  ')).join('\n');
  return `${head}${head === '' ? '' : ' '}{${body === '' ? '' : `\n${body}\n`}}`;
}

function comment(text: string | undefined): string {
  return text === undefined ? '' : `/** ${text.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */\n`;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll(`'`, `\\'`)}'`;
}
