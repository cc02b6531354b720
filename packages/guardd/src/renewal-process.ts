/** What the renewal process does: one connection, every lease asked for every `everyMs`, until the owner's pipe closes. */
import { monoNow } from './clock.ts';
import { connectGuardd, GuarddRefused, type GuarddClient } from './client.ts';
import { formatLine, parseLine, readLines } from './lines.ts';
import { prioritise } from './priority.ts';
import type { Lease, News, Order } from './renewer.ts';

/** A renewal that got no answer for this long is given up, and the connection with it. */
const patienceMs = 400;

/** Runs until standard input ends. `argv`: address, period and tolerated silence of the owner in ms. */
export function renewLeases(argv: readonly string[]): void {
  const [address = '', every = '100', silence = '2000'] = argv;
  prioritise();
  const leases = new Map<string, Lease>();
  const asking = new Set<string>();
  let heardAt = monoNow();
  let client: GuarddClient | null = null;
  let connecting = false;

  readLines(
    process.stdin,
    (line) => {
      heardAt = monoNow();
      const order = parseLine(line) as Order;
      if ('hold' in order) leases.set(order.hold.run, order.hold);
      else if ('release' in order) leases.delete(order.release);
    },
    () => process.exit(2),
  );
  process.stdin.on('end', () => process.exit(0));
  process.stdout.on('error', () => process.exit(0));

  async function reconnect(): Promise<void> {
    connecting = true;
    try {
      const connected = await connectGuardd(address, { timeoutMs: patienceMs });
      client = connected;
      tell({ connected: true });
      void connected.gone.then(() => {
        if (client === connected) client = null;
      });
    } catch (error) {
      tell({ unreachable: error instanceof Error ? error.message : String(error) });
    } finally {
      connecting = false;
    }
  }

  async function renew(through: GuarddClient, lease: Lease): Promise<void> {
    const { run, epoch, owner } = lease;
    asking.add(run);
    try {
      tell({ run, answer: await through.ask({ type: 'renew', run, epoch, owner }, { timeoutMs: patienceMs }) });
    } catch (error) {
      if (error instanceof GuarddRefused) {
        if (error.refusal.reason === 'run-unknown') return;
        if (leases.get(run) === lease) leases.delete(run);
        tell({ run, refused: error.refusal });
      } else {
        through.end();
        tell({ unreachable: error instanceof Error ? error.message : String(error) });
      }
    } finally {
      asking.delete(run);
    }
  }

  setInterval(() => {
    if (monoNow() - heardAt > Number(silence)) return;
    if (client === null) return void (connecting || reconnect());
    for (const lease of leases.values()) if (!asking.has(lease.run)) void renew(client, lease);
  }, Number(every));
}

function tell(news: News): void {
  process.stdout.write(formatLine(news));
}
