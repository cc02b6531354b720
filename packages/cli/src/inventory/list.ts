import type { Command } from 'commander';
import { Argument } from 'commander';
import { printJson, printRows, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

const lists = [
  'services',
  'assets',
  'components',
  'unmatched',
  'listeners',
  'imports',
  'end-of-life',
  'not-seen',
] as const;
type List = (typeof lists)[number];
type Options = { asset?: string; package?: string; after?: string; on?: string; since?: string; json?: boolean };

/** `inventory list WHAT`. */
export function defineList(inventory: Command): void {
  const command = withJson(
    inventory
      .command('list')
      .description('What is there, and what is old: without support, or not seen for long.')
      .addArgument(new Argument('[what]', 'what is listed').choices(lists).default('assets'))
      .option('--asset <id>', 'components or listeners of one asset')
      .option('--package <name>', 'components of one package, as deb/debian/openssl')
      .option('--after <id>', 'go on after this one')
      .option('--on <day>', 'end-of-life: without support on this day; default today')
      .option('--since <instant>', 'not-seen: nothing seen since; default 30 days ago'),
  ).action(list);
  withExamples(command, [
    ['./breakwater inventory list components --asset web-01', 'what is on an asset'],
    ['./breakwater inventory list end-of-life --on 2027-01-01', 'what loses its support until then'],
    ['./breakwater inventory list not-seen --since 2026-11-01T00:00:00+09:00', 'what no source has seen since'],
  ]);
}

async function list(what: List, options: Options): Promise<void> {
  const { data, rows } = await readers[what](options);
  if (options.json === true) return printJson(data);
  printRows(rows, '없습니다 · none: breakwater inventory import');
}

type Read = (options: Options) => Promise<{ data: unknown; rows: string[] }>;
const client = localServer;
const defined = <T extends object>(query: T): T =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as T;
const dash = (value: string | null): string => value ?? '-';

const readers: Readonly<Record<List, Read>> = {
  async services() {
    const { data } = await client().GET('/inventory/services');
    const rows = (data?.services ?? []).flatMap((service) => [
      `${service.id}  ${dash(service.criticality ?? null)}  ${dash(service.owner ?? null)}`,
      ...service.modules.map(({ id, assets }) => `  ${id}  ${assets.join(', ')}`),
    ]);
    return { data, rows };
  },
  async assets({ after }) {
    const { data } = await client().GET('/inventory/assets', { params: { query: defined({ after, limit: 1000 }) } });
    const rows = (data?.assets ?? []).map(
      ({ id, zone, owner, criticality, components, lastSeen, endOfLife }) =>
        `${id}  ${dash(zone ?? null)}  ${dash(owner ?? null)}  ${dash(criticality ?? null)}  ${components}  ${lastSeen}  ${dash(endOfLife ?? null)}`,
    );
    return { data, rows };
  },
  async components({ asset, package: named, after }) {
    const { data } = await client().GET('/inventory/components', {
      params: { query: defined({ asset, package: named, after, limit: 1000 }) },
    });
    const rows = (data?.components ?? []).map(
      ({ package: name, version, distro, asset: on, role }) => `${name}  ${version}  ${dash(distro)}  ${on}  ${role}`,
    );
    return { data, rows: withMore(rows, data?.next ?? null) };
  },
  async unmatched() {
    const { data } = await client().GET('/inventory/unmatched');
    return {
      data,
      rows: (data?.components ?? []).map(
        ({ asset, name, version, why }) => `${asset}  ${name}  ${dash(version)}  ${why}`,
      ),
    };
  },
  async listeners({ asset }) {
    const { data } = await client().GET('/inventory/listeners', { params: { query: defined({ asset }) } });
    const rows = (data?.listeners ?? []).map(
      ({ asset: on, protocol, address, port, service }) =>
        `${dash(on)}  ${protocol}  ${address}:${port}  ${dash(service)}`,
    );
    return { data, rows };
  },
  async imports() {
    const { data } = await client().GET('/inventory/imports', { params: { query: { limit: 100 } } });
    return {
      data,
      rows: (data?.imports ?? []).map(({ id, at, source, format, by }) => `${id}  ${at}  ${source}  ${format}  ${by}`),
    };
  },
  async 'end-of-life'({ on }) {
    const { data } = await client().GET('/inventory/end-of-life', { params: { query: defined({ on }) } });
    return {
      data,
      rows: (data?.items ?? []).map(({ endsOn, asset, component }) => `${endsOn}  ${asset}  ${dash(component)}`),
    };
  },
  async 'not-seen'({ since }) {
    const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString();
    const { data } = await client().GET('/inventory/not-seen', { params: { query: { since: since ?? monthAgo } } });
    return { data, rows: (data?.items ?? []).map(({ kind, id, lastSeen }) => `${lastSeen}  ${kind}  ${id}`) };
  },
};

function withMore(rows: string[], next: string | null): string[] {
  return next === null ? rows : [...rows, `계속 · more: --after ${next}`];
}
