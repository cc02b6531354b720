import { createServer, type AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import type { Channel, Message } from './channel.ts';
import { emailChannel, type EmailOptions } from './email.ts';

const never = new AbortController().signal;
const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

type Mail = { to: string[]; text: string };

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ending.push(() => new Promise<void>((done) => server.close(() => done())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

/** Takes the text of a mail and hangs up before it answers. */
async function cuttingServer(): Promise<number> {
  const answers: readonly (readonly [RegExp, string])[] = [
    [/^EHLO/m, '250 mail'],
    [/^MAIL/m, '250 ok'],
    [/^RCPT/m, '250 ok'],
    [/^DATA/m, '354 go on'],
  ];
  const server = createServer((socket) => {
    let heard = '';
    let answered = 0;
    socket.on('error', () => undefined);
    socket.write('220 mail\r\n');
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      if (heard.endsWith('\r\n.\r\n')) return socket.destroy();
      for (let next = answers[answered]; next !== undefined && next[0].test(heard); next = answers[answered]) {
        answered += 1;
        socket.write(`${next[1]}\r\n`);
      }
      return undefined;
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ending.push(() => new Promise<void>((done) => server.close(() => done())));
  return (server.address() as AddressInfo).port;
}

function channel(port: number, options: Partial<EmailOptions> = {}): Channel {
  const made = emailChannel({
    host: '127.0.0.1',
    port,
    tls: 'none',
    user: null,
    password: () => 'secret',
    from: '한빛은행 <notice@hanbit.example>',
    perSecond: null,
    doubtMs: 1000,
    ...options,
  });
  ending.push(() => made.close());
  return made;
}

const mail = (n: number, to = `c${n}@example.com`): Message => ({
  key: String(n).padStart(40, '0'),
  to,
  from: '15881234',
  type: 'LMS',
  subject: '[한빛은행] 사전 안내',
  text: '이체 서비스가 중단됩니다.\n.\n끝',
});

describe('mail', () => {
  test('is taken one by one, each under its key and to nobody else', async () => {
    const { port, mails } = await mailServer();
    const results = await channel(port).submit([mail(1), mail(2), mail(3)], never);
    expect(results).toEqual([1, 2, 3].map((n) => ({ key: mail(n).key, outcome: 'taken', ids: [] })));
    expect(new Set(mails.map(({ to }) => to.join()))).toEqual(
      new Set(['c1@example.com', 'c2@example.com', 'c3@example.com']),
    );
    const first = mails.find(({ to }) => to[0] === 'c1@example.com')?.text ?? '';
    expect(first).toContain(`Message-ID: <${mail(1).key}@hanbit.example>`);
    expect(first).toContain('Auto-Submitted: auto-generated');
  });

  test('that is refused, put off, or whose answer is lost is told apart', async () => {
    const refusal = (code: number): Error => Object.assign(new Error('no'), { responseCode: code });
    const { port } = await mailServer({
      onRcptTo({ address }, _session, done) {
        if (address.startsWith('no')) return done(refusal(550));
        return done(address.startsWith('later') ? refusal(451) : null);
      },
    });
    const over = channel(port);
    expect(await over.submit([mail(1, 'no@example.com')], never)).toMatchObject([
      { outcome: 'refused', code: 'smtp-550' },
    ]);
    expect(await over.submit([mail(2, 'later@example.com')], never)).toMatchObject([{ outcome: 'unsent' }]);
    expect(await channel(1).submit([mail(3)], never)).toMatchObject([{ outcome: 'unsent' }]);
    expect(await over.submit([mail(4)], AbortSignal.abort())).toMatchObject([{ outcome: 'unsent' }]);
    expect(await channel(await cuttingServer()).submit([mail(5)], never)).toEqual([]);
  });

  test('is not sent in the clear to a server that offers no encryption', async () => {
    const { port, mails } = await mailServer();
    expect(await channel(port, { tls: 'starttls' }).submit([mail(1)], never)).toMatchObject([{ outcome: 'unsent' }]);
    expect(mails).toEqual([]);
  });
});
