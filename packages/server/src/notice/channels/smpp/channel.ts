import { dataCoding, partsOf, tlvNumber, tlvTag, type LongForm, type SmppCharset } from '@breakwater/rules/notice';
import type { Channel, Message, Report, Submitted } from '../channel.ts';
import { encodeText } from './charset.ts';
import type { HeldReceipt } from './receipts.ts';
import { createSession, type SessionOptions, type Submission } from './session.ts';
import { submitAll, type Outgoing } from './submit-all.ts';

/** How a centre writes the ids of messages in answers and in receipts: some write one as hexadecimal, the other as decimal. */
export type ReceiptIds = 'same' | 'answers-hex' | 'receipts-hex';

export type SmppChannelOptions = SessionOptions & {
  charset: SmppCharset;
  long: LongForm;
  /** `national`: 01012345678; `international`: 821012345678. */
  addresses: 'national' | 'international';
  receiptIds: ReceiptIds;
  /** How long an answer that was lost is waited for in the form of a receipt, before the message is sent again, ms. */
  doubtMs: number;
};

const patienceMs = 5000;
const graceMs = 2000;
const receiptWaitMs = 250;
const mostReceipts = 1000;
const unbindMs = 5000;
/** `registered_delivery`: a receipt for success and for failure (SMPP 3.4, 5.2.17). */
const finalReceipt = 1;
/** Type of number and numbering plan (5.2.5, 5.2.6). */
const national = { ton: 2, npi: 1 };
const international = { ton: 1, npi: 1 };

/** An SMS centre over SMPP 3.4. It knows no keys of ours: what is in doubt after a crash may be sent twice. */
export function smppChannel(options: SmppChannelOptions): Channel {
  const session = createSession(options);
  const given = new Map<Report, HeldReceipt>();
  const isWhole = options.long === 'payload';

  const outgoing = ({ key, to, from, text }: Message): Outgoing<string> => {
    const { charset, octets } = encodeText(text, options.charset);
    const reference = referenceOf(key);
    const parts = partsOf(octets, charset, options.long, reference & 0xff);
    return {
      of: key,
      parts: parts.map((part): Submission => ({
        ...sourceOf(from),
        ...destinationOf(to, options.addresses),
        esmClass: part.esmClass,
        registeredDelivery: finalReceipt,
        dataCoding: dataCoding[charset],
        shortMessage: part.shortMessage,
        tlvs: [...part.tlvs, tlvNumber(tlvTag.userMessageReference, reference, 2)],
      })),
    };
  };

  return {
    gateway: `smpp:${options.systemId}@${options.host}:${options.port}`,
    batchSize: Math.max(1, Math.min(100, options.perSecond ?? 100)),
    perSecond: options.perSecond ?? null,
    doubtMs: options.doubtMs,
    pushesReports: true,
    addresses: 'phone',
    proves: 'accepted',
    inOurDatabase: false,
    async submit(messages: readonly Message[], signal: AbortSignal): Promise<Submitted[]> {
      const results: Submitted[] = [];
      for await (const batch of submitAll(session, messages.map(outgoing), { signal, patienceMs, graceMs })) {
        for (const sent of batch) {
          if (sent.kind === 'taken') {
            const ids = sent.ids.map((id) => plainId(id, options.receiptIds === 'answers-hex'));
            results.push({ key: sent.of, outcome: 'taken', ids });
          } else if (sent.kind === 'refused') {
            results.push({ key: sent.of, outcome: 'refused', code: sent.code });
          } else if (sent.kind === 'unsent') {
            results.push({ key: sent.of, outcome: 'unsent' });
          }
        }
      }
      return results;
    },
    async reports(after: number, signal: AbortSignal) {
      const receipts = await session.receipts(mostReceipts, receiptWaitMs, signal);
      const at = new Date().toISOString();
      const reports = receipts.map((receipt): Report => {
        const report: Report = {
          about: {
            id: plainId(receipt.id, options.receiptIds === 'receipts-hex'),
            number: isWhole ? receipt.number : null,
            isOf: (key) => receipt.reference === null || receipt.reference === referenceOf(key),
          },
          state: receipt.state === 'delivered' ? 'delivered' : 'failed',
          code: receipt.code,
          at,
        };
        given.set(report, receipt);
        return report;
      });
      return { reports, position: after };
    },
    committed(reports) {
      session.acknowledge(
        reports.flatMap((report) => {
          const receipt = given.get(report);
          given.delete(report);
          return receipt === undefined ? [] : [receipt];
        }),
      );
    },
    close: () => session.close(unbindMs),
  };
}

/** 16 bits of a message's key: a centre that repeats them in the receipt lets it be told from another sending's. */
function referenceOf(key: string): number {
  return Number.parseInt(key.slice(0, 4), 16) || 0;
}

function sourceOf(from: string): Pick<Submission, 'source' | 'sourceTon' | 'sourceNpi'> {
  return { source: from, sourceTon: national.ton, sourceNpi: national.npi };
}

function destinationOf(
  to: string,
  form: SmppChannelOptions['addresses'],
): Pick<Submission, 'destination' | 'destinationTon' | 'destinationNpi'> {
  // A foreign number has no national form here.
  if (to.startsWith('+')) {
    return { destination: to.slice(1), destinationTon: international.ton, destinationNpi: international.npi };
  }
  return form === 'national'
    ? { destination: to, destinationTon: national.ton, destinationNpi: national.npi }
    : { destination: to.replace(/^0/, '82'), destinationTon: international.ton, destinationNpi: international.npi };
}

/** An id as it is compared; hexadecimal ones as decimal. */
function plainId(id: string, isHex: boolean): string {
  return isHex && /^[0-9a-f]+$/i.test(id) ? BigInt(`0x${id}`).toString() : id;
}
