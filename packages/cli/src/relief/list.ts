import type { Command } from 'commander';
import { Option } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

type State = 'open' | 'accepted' | 'refused' | 'paid';
type Range = { low: number; high: number | null };

/** `claim list`. */
export function defineList(claim: Command): void {
  const command = withJson(
    claim
      .command('list')
      .description('Claims in the order they were opened, without who claims.')
      .option('--run <id>', 'of one run')
      .addOption(new Option('--state <state>', 'in one state').choices(['open', 'accepted', 'refused', 'paid']))
      .option('--unmatched', 'of no run yet: no disruption of their service was near')
      .option('--proposed', 'decided by one person, waiting for the second')
      .option('--after <claim>', 'go on after this claim')
      .action(list),
  );
  withExamples(command, [['./breakwater claim list --run 0190… --state open', 'what is to be decided']]);
}

async function list({
  run,
  state,
  unmatched,
  proposed,
  after,
  json,
}: {
  run?: string;
  state?: State;
  unmatched?: boolean;
  proposed?: boolean;
  after?: string;
  json?: boolean;
}): Promise<void> {
  const { data } = await localServer().GET('/claims', {
    params: {
      query: {
        limit: 1000,
        ...(run === undefined ? {} : { run }),
        ...(state === undefined ? {} : { state }),
        ...(unmatched === true ? { unmatched: 'true' } : {}),
        ...(proposed === true ? { proposed: 'true' } : {}),
        ...(after === undefined ? {} : { after }),
      },
    },
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  const lines = data.claims.map(
    ({ id, openedAt, source, service, amount, state: now, proposal, decided, paidAmount }) =>
      `${id}  ${openedAt}  ${source}  ${service}  ${spellRange(amount)}  ${stateNames[now]}${proposal === null ? '' : `  결재 대기 waiting ${won(proposal.amount)}  ${proposal.by}`}${decided === null ? '' : `  ${won(decided.amount)}  ${decided.by}`}${paidAmount > 0 ? `  지급 ${won(paidAmount)}` : ''}`,
  );
  printText(
    [...lines, ...(data.next === null ? [`${data.claims.length}건`] : [`계속 · more: --after ${data.next}`])].join(
      '\n',
    ),
  );
}

const stateNames: Readonly<Record<State, string>> = {
  open: '심사 중 open',
  accepted: '인정 accepted',
  refused: '기각 refused',
  paid: '지급 완료 paid',
};

const won = (amount: number): string => `${amount.toLocaleString('en-US')}원`;

function spellRange(amount: Range | null): string {
  if (amount === null) return '금액 알 수 없음';
  return `${won(amount.low)}~${amount.high === null ? '상한 알 수 없음' : won(amount.high)}`;
}
