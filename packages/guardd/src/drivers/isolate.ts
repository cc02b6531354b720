/** The driver `isolate`: a service module is cut off by one nftables table of its own, in one transaction, and joined again by taking it away. */
import type { PatchAction } from '@breakwater/rules/plan';
import { Failed, Unclear } from './answer.ts';
import type { Machine } from './machine.ts';
import { failure, must, type PatchDriver } from './patch-driver.ts';

type IsolateAction = PatchAction<'isolate'>;

interface IsolateBefore {
  /** Always: a table of this name that is not this step's refuses the step. */
  readonly table: null;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export const isolateDriver: PatchDriver<IsolateAction, IsolateBefore> = {
  async check(what, machine) {
    const rules = await listed(what, machine);
    // The kernel numbers rules and writes addresses its own way: the whole is there or not, since it came in one transaction.
    return rules !== null && rules.filter((one) => 'chain' in one).length === hooks.length;
  },
  async prepare(what, machine) {
    if ((await listed(what, machine)) !== null)
      throw new Failed(
        `the table ${tableOf(what)} is there already, and not as this step would make it: take it away first`,
      );
    await nft(what, machine, rulesetOf(what), ['--check']);
    return { before: { table: null }, unavailable: null };
  },
  async do(what, machine) {
    await nft(what, machine, rulesetOf(what));
  },
  async undo(what, machine) {
    if ((await listed(what, machine)) !== null)
      await nft(what, machine, [{ delete: { table: { family: 'inet', name: tableOf(what) } } }]);
  },
  differs: async (what, machine) => (await listed(what, machine)) !== null,
};

const tableOf = ({ module }: IsolateAction): string => `breakwater-isolate-${module}`;

/** Before everything else that filters, also for connections that are open. */
const hooks = ['input', 'output', 'forward'] as const;
const priority = -350;

/** The table as nftables takes it in JSON: whatever a plan says becomes a value in it, never a word of its language. */
function rulesetOf(what: IsolateAction): Json[] {
  const table = tableOf(what);
  const family = 'inet';
  const rule = (chain: string, ...expr: Json[]): Json => ({ add: { rule: { family, table, chain, expr } } });
  const drop: Json = { drop: null };
  const counter: Json = { counter: null };
  const ruleset: Json[] = [{ add: { table: { family, name: table } } }];
  for (const hook of hooks) {
    const chain = { family, table, name: hook, type: 'filter', hook, prio: priority, policy: 'accept' };
    ruleset.push({ add: { chain } });
    // What it says to itself stays: the module is cut off, not broken.
    if (hook !== 'forward')
      ruleset.push(
        rule(hook, match({ meta: { key: hook === 'input' ? 'iifname' : 'oifname' } }, 'lo'), { accept: null }),
      );
    for (const network of what.allow ?? [])
      for (const side of sidesOf(hook)) ruleset.push(rule(hook, addressIs(network, side), { accept: null }));
    if (what.ports === undefined && what.addresses === undefined) ruleset.push(rule(hook, counter, drop));
    for (const address of what.addresses ?? [])
      for (const side of ['saddr', 'daddr'] as const) ruleset.push(rule(hook, addressIs(address, side), counter, drop));
    if (hook === 'forward') continue;
    for (const port of what.ports ?? [])
      ruleset.push(rule(hook, portIs(port, hook === 'input' ? 'dport' : 'sport'), counter, drop));
  }
  return ruleset;
}

/** Which end of a packet is the other one, by where it is seen. */
function sidesOf(hook: (typeof hooks)[number]): readonly ('saddr' | 'daddr')[] {
  return hook === 'input' ? ['saddr'] : hook === 'output' ? ['daddr'] : ['saddr', 'daddr'];
}

function match(left: Json, right: Json): Json {
  return { match: { op: '==', left, right } };
}

function addressIs(network: string, field: 'saddr' | 'daddr'): Json {
  const [addr = '', length] = network.split('/');
  const right: Json = length === undefined ? addr : { prefix: { addr, len: Number(length) } };
  return match({ payload: { protocol: addr.includes(':') ? 'ip6' : 'ip', field } }, right);
}

function portIs(text: string, field: 'sport' | 'dport'): Json {
  const [protocol = 'tcp', range = ''] = text.split('/');
  const [low = 0, high] = range.split('-').map(Number);
  return match({ payload: { protocol, field } }, high === undefined ? low : { range: [low, high] });
}

/** The objects of the table; null when there is none. */
async function listed(what: IsolateAction, machine: Machine): Promise<object[] | null> {
  const argv = [...words(what), '--json', 'list', 'table', 'inet', tableOf(what)];
  const said = await machine.run(argv);
  if (said.code !== 0) {
    if (/No such file or directory/.test(said.stderr) && !/netns|namespace/.test(said.stderr)) return null;
    throw failure(argv, said);
  }
  try {
    return (JSON.parse(said.stdout) as { nftables: object[] }).nftables;
  } catch {
    throw new Unclear('nft does not answer in JSON');
  }
}

async function nft(
  what: IsolateAction,
  machine: Machine,
  nftables: readonly Json[],
  options: readonly string[] = [],
): Promise<void> {
  const input = JSON.stringify({ nftables });
  // nft opens its input by name, which only a pipe of the shell lets it do.
  const fromPipe = ['/bin/sh', '-c', 'cat | "$@"', 'sh'];
  await must(machine, [...fromPipe, ...words(what), '--json', ...options, '--file', '-'], { input });
}

function words({ netns }: IsolateAction): string[] {
  return netns === undefined ? ['nft'] : ['ip', 'netns', 'exec', netns, 'nft'];
}
