import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BreakwaterError, readDocument } from '@breakwater/rules';
import { z } from 'zod';
import { settings, type Settings } from './settings.ts';

/** The settings of this start, with paths made absolute and `runDir` filled in. */
export type Config = Settings & { runDir: string };

/** One setting for people: `http.port`, its environment variable, type, default and meaning. */
export type SettingDoc = { key: string; env: string; type: string; default: unknown; meaning: string };

export type ConfigSources = {
  /** Folder that relative paths start from and where `breakwater.config.{yaml,json}` is looked for. */
  root: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Settings of the command line: they win over the environment, which wins over the file. */
  overrides?: Readonly<Record<string, unknown>>;
};

const files = ['breakwater.config.yaml', 'breakwater.config.json'] as const;
const maxFileBytes = 256 * 1024;
/** Variables of ours that are no settings: where the file is, and whether a failure shows its stack. */
const otherVariables: ReadonlySet<string> = new Set(['BREAKWATER_CONFIG', 'BREAKWATER_DEBUG']);

/**
 * Reads the settings: defaults, then the file `breakwater.config.yaml` or `.json` (or BREAKWATER_CONFIG), then the
 * environment (`BREAKWATER_HTTP_PORT` for `http.port`, and DATABASE_URL), then the command line.
 *
 * Throws BreakwaterError `config.…` with `path` = file and place, environment variable, or key; unknown keys are refused.
 */
export function loadConfig({ root, env, overrides = {} }: ConfigSources): Config {
  const merged: Tree = {};
  const origin = new Map<string, string>();
  merge(merged, readFile(root, env), origin);
  merge(merged, readEnvironment(env), origin);
  for (const [key, value] of Object.entries(overrides)) {
    if (value !== undefined) put(merged, key, { value, from: key }, origin);
  }
  const parsed = settings.safeParse(merged);
  if (!parsed.success) throw refusal(parsed.error, origin);
  const config = parsed.data;
  const dataDir = resolve(root, config.dataDir);
  return {
    ...config,
    dataDir,
    runDir: config.runDir === undefined ? join(dataDir, 'run') : resolve(root, config.runDir),
  };
}

/** Every setting with its documentation, in the order of the settings. */
export function configDocs(): SettingDoc[] {
  const schema = z.toJSONSchema(settings, { io: 'input' }) as JsonSchema;
  return leaves(schema, []);
}

/** The settings with secrets hidden, for `config show` and the log. */
export function withoutSecrets(config: Config): Config {
  const { url } = config.database;
  if (url === undefined) return config;
  return { ...config, database: { ...config.database, url: url.replace(/\/\/[^@/]*@/, '//***@') } };
}

type Tree = { [key: string]: unknown };
type Placed = { value: unknown; from: string };
type JsonSchema = {
  type?: string;
  properties?: Record<string, JsonSchema>;
  enum?: unknown[];
  default?: unknown;
  description?: string;
};

function leaves(schema: JsonSchema, path: readonly string[]): SettingDoc[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, child]) => leaves(child, [...path, name]));
  }
  const type = schema.enum === undefined ? (schema.type ?? 'string') : schema.enum.join(' | ');
  return [
    {
      key: path.join('.'),
      env: environmentName(path),
      type,
      default: schema.default ?? null,
      meaning: schema.description ?? '',
    },
  ];
}

function environmentName(path: readonly string[]): string {
  const words = path.map((word) => word.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return `BREAKWATER_${words.join('_')}`;
}

function readFile(root: string, env: ConfigSources['env']): [string, Placed][] {
  const named = env['BREAKWATER_CONFIG'];
  const found =
    named === undefined
      ? files.map((name) => join(root, name)).filter((file) => existsSync(file))
      : [resolve(root, named)];
  if (found.length > 1) {
    throw new BreakwaterError('config.two-files', `${found.join(' and ')} both exist: keep one`, found[1] ?? '');
  }
  const file = found[0];
  if (file === undefined) return [];
  if (!existsSync(file))
    throw new BreakwaterError('config.no-file', `${file} (BREAKWATER_CONFIG) does not exist`, file);
  if (statSync(file).size > maxFileBytes) {
    throw new BreakwaterError(
      'config.too-large',
      `${file} is larger than ${maxFileBytes} bytes, the most that is read`,
      file,
    );
  }
  try {
    const document = readDocument(readFileSync(file, 'utf8'), { maxBytes: maxFileBytes });
    if (document.value === null) return [];
    if (typeof document.value !== 'object' || Array.isArray(document.value)) {
      throw new BreakwaterError('config.invalid', 'the settings are a map of keys and values', document.place(''));
    }
    return flatten(document.value, '').map(([key, value]) => [
      key,
      { value, from: `${file}:${document.place(`/${key.replaceAll('.', '/')}`)}` },
    ]);
  } catch (error) {
    if (error instanceof BreakwaterError) throw new BreakwaterError(error.code, error.message, `${file}:${error.path}`);
    throw error;
  }
}

function readEnvironment(env: ConfigSources['env']): [string, Placed][] {
  const known = new Map(configDocs().map((doc) => [doc.env, doc]));
  const found: [string, Placed][] = [];
  if (env['DATABASE_URL'] !== undefined)
    found.push(['database.url', { value: env['DATABASE_URL'], from: 'DATABASE_URL' }]);
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || !name.startsWith('BREAKWATER_') || otherVariables.has(name)) continue;
    const doc = known.get(name);
    if (doc === undefined) {
      throw new BreakwaterError('config.unknown-key', `${name} is not a setting: see breakwater config docs`, name);
    }
    found.push([doc.key, { value: typed(doc.type, text), from: name }]);
  }
  return found;
}

/** The value that a variable's text stands for; lists and maps are JSON. Text that is none is left for the schema to refuse. */
function typed(type: string, text: string): unknown {
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : text;
  if (type !== 'array' && type !== 'object') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The leaves of a document as `a.b` keys; anything that is no object is a leaf, so that the schema judges it. */
function flatten(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0 && path !== '') return [];
  return entries.flatMap(([key, child]) => flatten(child, path === '' ? key : `${path}.${key}`));
}

function merge(target: Tree, values: readonly [string, Placed][], origin: Map<string, string>): void {
  for (const [key, placed] of values) put(target, key, placed, origin);
}

function put(target: Tree, key: string, { value, from }: Placed, origin: Map<string, string>): void {
  origin.set(key, from);
  const words = key.split('.');
  const last = words.pop() ?? '';
  let at = target;
  for (const word of words) {
    const inner = at[word];
    const next: Tree = typeof inner === 'object' && inner !== null ? (inner as Tree) : {};
    at[word] = next;
    at = next;
  }
  Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
}

function refusal(error: z.ZodError, origin: ReadonlyMap<string, string>): BreakwaterError {
  const issue = error.issues[0];
  if (issue === undefined) return new BreakwaterError('config.invalid', error.message);
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const key = [...issue.path, ...(unknown === undefined ? [] : [unknown])].join('.');
  const place = origin.get(key) ?? [...origin].find(([name]) => name.startsWith(`${key}.`))?.[1] ?? key;
  return unknown === undefined
    ? new BreakwaterError('config.invalid', `${key}: ${issue.message}`, place)
    : new BreakwaterError('config.unknown-key', `${key} is not a setting: see breakwater config docs`, place);
}
