import { writeFile } from 'node:fs/promises';
import type { Schemas } from '@breakwater/client';
import { BreakwaterError } from '@breakwater/rules';
import { actionNames, actions, type Action } from '@breakwater/rules/authority';
import type { Command } from 'commander';
import { printJson, printRows, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** Adds `token new/list/revoke`. */
export function defineTokens(program: Command): void {
  const token = program.command('token').description('API tokens for machines: of a scope, for a time.');
  withExamples(
    withJson(
      token
        .command('new')
        .description('Issue a token. Its secret goes into a file for its owner alone (0600) and is never shown again.')
        .requiredOption('--label <text>', 'what it is for')
        .requiredOption('--allow <action>', 'an action that it may do; give it several times', collect, [])
        .requiredOption('--out <file>', 'where the secret is written; must not exist')
        .option('--days <n>', 'how long it counts', '90')
        .action(issue),
    ),
    [
      [
        './breakwater token new --label monitoring --allow read --out monitoring.token',
        'a token that reads and does nothing else',
      ],
    ],
  );
  withJson(token.command('list').description('Tokens, without their secrets.').action(list));
  withJson(
    token.command('revoke').description('End a token at once.').argument('<id>', 'see token list').action(revoke),
  );
}

const collect = (value: string, before: string[]): string[] => [...before, value];

function actionOf(text: string): Action {
  const known = actionNames.find((name) => name === text);
  if (known !== undefined && actions[known].machines.includes('token')) return known;
  const possible = actionNames.filter((name) => actions[name].machines.includes('token'));
  throw new BreakwaterError('usage.allow', `no token may do ${text}; possible: ${possible.join(', ')}`, '--allow');
}

interface Issue {
  readonly label: string;
  readonly allow: readonly string[];
  readonly out: string;
  readonly days: string;
  readonly json?: boolean;
}

async function issue({ label, allow, out, days, json }: Issue): Promise<void> {
  const length = Number(days);
  if (!Number.isInteger(length) || length < 1 || length > 366) {
    throw new BreakwaterError('usage.days', '--days must be a whole number from 1 to 366', '--days');
  }
  const scope = allow.map(actionOf);
  // The file is made before the token: a secret that could not be kept would be lost.
  await writeFile(out, '', { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new BreakwaterError('file.exists', `${out} cannot be made (${error.code ?? 'failed'})`, '--out');
  });
  const { data } = await localServer().POST('/tokens', { body: { label, scope, days: length } });
  if (data === undefined) throw new Error('the server answered without content');
  await writeFile(out, `${data.secret}\n`, { mode: 0o600 });
  if (json === true) printJson({ schema: 'breakwater.token/1', ...data.token, file: out });
  else printRows([line(data.token), `→ ${out}`], '');
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/tokens');
  const tokens = data?.tokens ?? [];
  if (json === true) printJson({ schema: 'breakwater.tokens/1', tokens });
  else printRows(tokens.map(line), '발급된 토큰이 없습니다 · no token yet: breakwater token new');
}

async function revoke(id: string, { json }: { json?: boolean }): Promise<void> {
  await localServer().POST('/tokens/{token}/revoke', { params: { path: { token: id } } });
  if (json === true) printJson({ schema: 'breakwater.token-revoked/1', token: id });
  else process.stderr.write(`revoked ${id}\n`);
}

function line({ id, label, scope, expiresAt, revokedAt }: Schemas['ApiToken']): string {
  return `${id}  ${label}  ${scope.join(', ')}  ${revokedAt === null ? `until ${expiresAt}` : `revoked ${revokedAt}`}`;
}
