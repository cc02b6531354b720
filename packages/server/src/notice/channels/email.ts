import { createTransport, type Transporter } from 'nodemailer';
import type { Channel, Message, Submitted } from './channel.ts';

export type EmailOptions = {
  host: string;
  port: number;
  /** `implicit`: TLS from the first octet. `starttls`: required after the greeting. `none`: for a relay on this host only. */
  tls: 'implicit' | 'starttls' | 'none';
  user: string | null;
  /** A secret, read when a connection is opened. */
  password: () => string;
  /** `Hanbit Bank <notice@hanbit.example>`. */
  from: string;
  perSecond: number | null;
  /** How long a mail whose answer was lost is left alone before it is sent again, ms. */
  doubtMs: number;
};

const connections = 4;
const timeoutMs = 15_000;

/**
 * Mail by SMTP, as a further channel beside text messages. A mail is named by our key (`Message-ID`), so that systems on
 * its way can tell a repeated one. Servers report nothing of what arrives: a mail that was taken proves no more than that.
 */
export function emailChannel(options: EmailOptions): Channel {
  const { host, port, tls, user, from } = options;
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
  let transport: Transporter | null = null;
  const open = (): Transporter =>
    createTransport({
      pool: true,
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      maxConnections: connections,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      ...(user === null ? {} : { auth: { user, pass: options.password() } }),
      // Nothing of a mail or of the talk with the server is logged.
      logger: false,
      disableFileAccess: true,
      disableUrlAccess: true,
    });

  const sendOne = async ({ key, to, subject, text }: Message, signal: AbortSignal): Promise<Submitted[]> => {
    if (signal.aborted) return [{ key, outcome: 'unsent' }];
    try {
      transport ??= open();
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text,
        messageId: `<${key}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return [{ key, outcome: 'taken', ids: [] }];
    } catch (error) {
      return outcomeOf(key, error);
    }
  };

  return {
    gateway: `smtp:${host}:${port}`,
    addresses: 'email',
    batchSize: Math.max(1, Math.min(100, options.perSecond ?? 100)),
    perSecond: options.perSecond,
    doubtMs: options.doubtMs,
    pushesReports: false,
    proves: 'accepted',
    inOurDatabase: false,
    async submit(messages, signal) {
      return (await Promise.all(messages.map((message) => sendOne(message, signal)))).flat();
    },
    reports: (after) => Promise.resolve({ reports: [], position: after }),
    committed: () => undefined,
    close() {
      transport?.close();
      transport = null;
      return Promise.resolve();
    },
  };
}

/** Failures before anything of a mail left. A connection that ends later says nothing of the mail that was on it. */
const beforeMail: ReadonlySet<string> = new Set(['EDNS', 'ETLS', 'EAUTH']);

/** What is known of a mail that failed. Only the code of the server is kept: its words may quote the address. */
function outcomeOf(key: string, error: unknown): Submitted[] {
  const of = error as { responseCode?: number; command?: string; code?: string; syscall?: string };
  const { responseCode, command, code, syscall } = of;
  if (responseCode !== undefined && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')) {
    return [{ key, outcome: 'refused', code: `smtp-${responseCode}` }];
  }
  const neverLeft = responseCode !== undefined || beforeMail.has(code ?? '') || syscall === 'connect';
  return neverLeft ? [{ key, outcome: 'unsent' }] : [];
}
