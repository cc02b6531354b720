/** `webhook list`, `log` and `redeliver`: what was told to whom. */
import { BreakwaterError } from '@breakwater/rules';
import type { Command } from 'commander';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

interface Log {
  readonly webhook?: string;
  readonly open?: true;
  readonly before?: string;
  readonly json?: boolean;
}

/** Adds `webhook` to the program. */
export function webhookCommands(program: Command): void {
  const webhook = program.command('webhook').description('Webhooks: what was told to whom, and whether it was taken.');
  withJson(webhook.command('list').description('Webhooks that the settings name.').action(list));
  withExamples(
    withJson(
      webhook
        .command('log')
        .description('What was told and how each try ended, newest first, 100 at a time.')
        .option('--webhook <name>', 'of one webhook')
        .option('--open', 'only what nobody has taken yet')
        .option('--before <delivery>', 'older ones than this')
        .action(log),
    ),
    [['./breakwater webhook log --open', 'what is still being tried, or was given up after a day']],
  );
  withJson(
    webhook
      .command('redeliver')
      .description('Tell it again, also what was taken. The id is the same, so that a receiver knows it.')
      .argument('<delivery>', 'see webhook log')
      .action(redeliver),
  );
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/webhooks');
  const webhooks = data?.webhooks ?? [];
  if (json === true) return printJson({ schema: 'breakwater.webhooks/1', webhooks });
  printRows(
    webhooks.map(({ source, name }) => `${source}  ${name}`),
    '설정된 웹훅이 없습니다 · no webhook: see notice.webhooks, containment.webhooks, auth.alarms',
  );
}

async function log({ webhook, open, before, json }: Log): Promise<void> {
  const query = {
    ...(webhook === undefined ? {} : { webhook }),
    ...(open === true ? { open: 'yes' as const } : {}),
    ...(before === undefined ? {} : { before: numberOf(before, '--before') }),
  };
  const { data } = await localServer().GET('/webhook-deliveries', { params: { query } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson({ schema: 'breakwater.webhook-log/1', ...data });
  printRows(
    data.deliveries.map(({ delivery, webhook: name, header, id, leftAt, deliveredAt, attempts }) => {
      const last = attempts.at(-1)?.failure ?? null;
      const state =
        deliveredAt === null ? `waiting, ${attempts.length} tries${last === null ? '' : `: ${last}`}` : deliveredAt;
      return `${delivery}  ${name}  ${header} ${id}  ${leftAt}  ${state}`;
    }),
    '전송 기록이 없습니다 · nothing was told yet',
  );
}

async function redeliver(delivery: string, { json }: { json?: boolean }): Promise<void> {
  const number = numberOf(delivery, 'delivery');
  await localServer().POST('/webhook-deliveries/{delivery}/redeliver', { params: { path: { delivery: number } } });
  if (json === true) printJson({ schema: 'breakwater.webhook-redelivered/1', delivery: number });
  else printText(`${number}`);
}

function numberOf(text: string, path: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new BreakwaterError('usage.delivery', `${JSON.stringify(text)} is no delivery: see webhook log`, path);
}
