import { lookup } from 'node:dns/promises';
import { BreakwaterError } from '@breakwater/rules';
import { closedBy, parseScope, type Scope } from '@breakwater/rules/containment';
import type { Command } from 'commander';
import { exit, finish, NotChecked, printJson, readTextFile, withExamples } from '../frame.ts';
import { mostScopeBytes } from './scope.ts';

/** Adds `cage scope pin`. */
export function addPinCommand(scope: Command): void {
  const pin = scope
    .command('pin')
    .description(
      'Resolve names now and write the scope with them on stdout: exit 2 a name leads outside the targets, 3 it cannot be resolved.',
    )
    .argument('<file>', 'scope as JSON or YAML, - for standard input')
    .argument('<name...>', 'host names as they are to be reached in the cage')
    .action(async (file: string, names: string[]) => {
      const pinned = await pinNames(parseScope(await readTextFile(file, mostScopeBytes)), names);
      printJson(pinned);
      finish(exit.done);
    });
  withExamples(pin, [
    [
      './breakwater cage scope pin scope.yaml www.bank.example > pinned.json',
      'the cage asks no name server: sign what the names lead to now',
    ],
  ]);
}

/**
 * The scope with `names` leading where the resolver of this machine says, in place of where they led before; of several
 * addresses those that the targets hold. Throws BreakwaterError `scope.*` for what is no name or leads outside, NotChecked
 * `scope.name-unresolved`.
 */
async function pinNames(scope: Scope, names: readonly string[]): Promise<Scope> {
  const found = await Promise.all(
    [...new Set(names.map((name) => name.toLowerCase()))].map((name) => resolved(scope, name)),
  );
  const kept = (scope.names ?? []).filter(({ name }) => !found.some((one) => one.name === name));
  const pinned = found.flatMap(({ name, inside }) => inside.map((address) => ({ name, address })));
  return parseScope(JSON.stringify({ ...scope, names: [...kept, ...pinned] }));
}

async function resolved(scope: Scope, name: string): Promise<{ name: string; inside: string[] }> {
  const addresses = await lookup(name, { all: true }).then(
    (all) => [...new Set(all.map(({ address }) => address))],
    (error: unknown) => {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new NotChecked('scope.name-unresolved', `${name} cannot be resolved here (${why})`, 'name');
    },
  );
  const isInside = (address: string): boolean => {
    const closed = closedBy(scope, address, null, 'other');
    return closed === null || closed === 'port';
  };
  const inside = addresses.filter(isInside).toSorted();
  const outside = addresses.filter((address) => !isInside(address));
  if (outside.length > 0) process.stderr.write(`${name}: outside the targets, left out: ${outside.join(', ')}\n`);
  if (inside.length === 0) {
    throw new BreakwaterError(
      'scope.name-outside',
      `${name} leads to ${addresses.join(', ')}, which no target of the scope holds: correct the name or the targets`,
      'name',
    );
  }
  return { name, inside };
}
