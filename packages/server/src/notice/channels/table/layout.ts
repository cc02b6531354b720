/**
 * Tables of messaging agents as data: which column takes what, and which values say what became of a message. The names are
 * those that the vendors' public descriptions give; agents are delivered in versions, so each can be set otherwise.
 */
import { z } from 'zod';
import type { MessageType } from '@breakwater/rules/notice';

const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/, 'a name of letters, digits, _ and $');
/** What a column is given: a part of the message, the time, or always the same value. */
const given = z.union([
  z.enum(['key', 'to', 'from', 'text', 'subject', 'now', 'now14']),
  z.strictObject({ value: z.union([z.string().max(200), z.number()]) }),
]);

const layoutSchema = z.strictObject({
  table: identifier,
  columns: z.record(identifier, given),
  /** The column of our key. It needs a unique index: that is what makes a second insertion none. */
  key: identifier,
  status: identifier,
  /** Values of `status` that say that the agent has taken the message, and that it is done. */
  taken: z.array(z.string().max(40)),
  done: z.array(z.string().max(40)).min(1),
  result: identifier,
  /** Values of `result` that say that it arrived; with any other it did not. */
  delivered: z.array(z.string().max(40)).min(1),
  /** When it was done, Korean time: a timestamp, or fourteen digits. */
  doneAt: identifier,
  /** Where the agent puts what is done: the name before the month. Null = it stays where it is. */
  log: identifier.nullable(),
});
export type TableLayout = z.infer<typeof layoutSchema>;

/** The layout of each type of message; two types may share a table. */
export const tableLayoutsSchema = z.strictObject({ SMS: layoutSchema, LMS: layoutSchema });
export type TableLayouts = Readonly<Record<MessageType, TableLayout>>;

const ums = (type: MessageType): TableLayout => ({
  table: 'UMS_MSG',
  columns: {
    CLIENT_KEY: 'key',
    MSG_STATUS: { value: 'ready' },
    REQ_CH: { value: type },
    TRAFFIC_TYPE: { value: 'normal' },
    PHONE: 'to',
    CALLBACK_NUMBER: 'from',
    TITLE: 'subject',
    MSG: 'text',
    REQ_DATE: 'now',
  },
  key: 'CLIENT_KEY',
  status: 'MSG_STATUS',
  taken: ['request'],
  done: ['complete'],
  result: 'DONE_CODE',
  delivered: ['10000'],
  doneAt: 'DONE_DATE',
  log: 'KV_LOG_',
});

const kakao = (type: MessageType): TableLayout => ({
  table: 'K_MESSAGE',
  columns: {
    CLIENT_KEY: 'key',
    MSG_TYPE: { value: type === 'SMS' ? 'XS' : 'XM' },
    STATUS: { value: 'R' },
    PHONE_NUMBER: 'to',
    SENDER_NO: 'from',
    TITLE: 'subject',
    MESSAGE: 'text',
    RESERVE_DATE: 'now14',
  },
  key: 'CLIENT_KEY',
  status: 'STATUS',
  taken: ['P'],
  done: ['C'],
  result: 'RESULT_CODE',
  delivered: ['0000'],
  doneAt: 'RESULT_DATE',
  log: 'K_MESSAGE_LOG_',
});

/** The layouts that are known by name. */
export const tableLayouts = {
  /** LG U+ message hub agent. */
  ums: { SMS: ums('SMS'), LMS: ums('LMS') },
  /** LG U+ agent of before: one table for short messages, one for long ones; our key is in a column that it leaves to us. */
  'sc-tran': {
    SMS: {
      table: 'SC_TRAN',
      columns: {
        TR_ETC1: 'key',
        TR_SENDDATE: 'now',
        TR_SENDSTAT: { value: '0' },
        TR_MSGTYPE: { value: '0' },
        TR_PHONE: 'to',
        TR_CALLBACK: 'from',
        TR_MSG: 'text',
      },
      key: 'TR_ETC1',
      status: 'TR_SENDSTAT',
      taken: ['1'],
      done: ['2'],
      result: 'TR_RSLTSTAT',
      delivered: ['06'],
      doneAt: 'TR_RSLTDATE',
      log: 'SC_LOG_',
    },
    LMS: {
      table: 'MMS_MSG',
      columns: {
        ETC1: 'key',
        REQDATE: 'now',
        STATUS: { value: '0' },
        TYPE: { value: '0' },
        PHONE: 'to',
        CALLBACK: 'from',
        SUBJECT: 'subject',
        MSG: 'text',
        FILE_CNT: { value: 0 },
      },
      key: 'ETC1',
      status: 'STATUS',
      taken: ['2'],
      done: ['3'],
      result: 'RSLT',
      delivered: ['1000'],
      doneAt: 'RSLTDATE',
      log: 'MMS_LOG_',
    },
  },
  /** Kakao i Connect agent: text messages by its XS and XM. */
  kakao: { SMS: kakao('SMS'), LMS: kakao('LMS') },
} as const satisfies Record<string, TableLayouts>;
export type TableLayoutName = keyof typeof tableLayouts;
