/**
 * The protocol data units of SMPP 3.4 as data (Short Message Peer-to-Peer Protocol Specification v3.4, issue 1.2, 1999-10-12,
 * chapters 4 and 5): their numbers, fields in order, and the most each field may hold. Encoder and decoder both read these
 * tables. `submit_multi` and `replace_sm` are absent: a sender of notices needs neither, and answers them as unknown.
 */

/** `u8`: one octet. `text`: octets up to a NUL, at most `most` with it. `octets`: one octet of length, then as many octets. */
type Field =
  | { readonly kind: 'u8' }
  | { readonly kind: 'text'; readonly most: number }
  | { readonly kind: 'octets'; readonly most: number };

type ValueOf<F> = F extends { readonly kind: 'u8' }
  ? number
  : F extends { readonly kind: 'text' }
    ? string
    : Uint8Array;

const u8 = { kind: 'u8' } as const;
const text = <const N extends number>(most: N) => ({ kind: 'text', most }) as const;
/** `short_message`: an optional payload takes its place when it is longer (5.2.22). */
const octets = { kind: 'octets', most: 254 } as const;

const none = {} as const;
const bind = {
  systemId: text(16),
  password: text(9),
  systemType: text(13),
  interfaceVersion: u8,
  addressTon: u8,
  addressNpi: u8,
  addressRange: text(41),
} as const;
const bindAnswer = { systemId: text(16) } as const;
const message = {
  serviceType: text(6),
  sourceTon: u8,
  sourceNpi: u8,
  source: text(21),
  destinationTon: u8,
  destinationNpi: u8,
  destination: text(21),
  esmClass: u8,
  protocolId: u8,
  priority: u8,
  scheduleAt: text(17),
  validity: text(17),
  registeredDelivery: u8,
  replaceIfPresent: u8,
  dataCoding: u8,
  defaultMessage: u8,
  shortMessage: octets,
} as const;
const messageAnswer = { messageId: text(65) } as const;
const data = {
  serviceType: text(6),
  sourceTon: u8,
  sourceNpi: u8,
  source: text(65),
  destinationTon: u8,
  destinationNpi: u8,
  destination: text(65),
  esmClass: u8,
  registeredDelivery: u8,
  dataCoding: u8,
} as const;
const query = { messageId: text(65), sourceTon: u8, sourceNpi: u8, source: text(21) } as const;
const queryAnswer = { messageId: text(65), finalDate: text(17), messageState: u8, errorCode: u8 } as const;
const cancel = {
  serviceType: text(6),
  messageId: text(65),
  sourceTon: u8,
  sourceNpi: u8,
  source: text(21),
  destinationTon: u8,
  destinationNpi: u8,
  destination: text(21),
} as const;
const alert = {
  sourceTon: u8,
  sourceNpi: u8,
  source: text(65),
  esmeTon: u8,
  esmeNpi: u8,
  esme: text(65),
} as const;

/** Every command: its id (5.1.2.1) and its mandatory fields (chapter 4). The bit 0x80000000 marks an answer. */
export const commands = {
  generic_nack: { id: 0x80000000, fields: none },
  bind_receiver: { id: 0x00000001, fields: bind },
  bind_receiver_resp: { id: 0x80000001, fields: bindAnswer },
  bind_transmitter: { id: 0x00000002, fields: bind },
  bind_transmitter_resp: { id: 0x80000002, fields: bindAnswer },
  query_sm: { id: 0x00000003, fields: query },
  query_sm_resp: { id: 0x80000003, fields: queryAnswer },
  submit_sm: { id: 0x00000004, fields: message },
  submit_sm_resp: { id: 0x80000004, fields: messageAnswer },
  deliver_sm: { id: 0x00000005, fields: message },
  deliver_sm_resp: { id: 0x80000005, fields: messageAnswer },
  unbind: { id: 0x00000006, fields: none },
  unbind_resp: { id: 0x80000006, fields: none },
  cancel_sm: { id: 0x00000008, fields: cancel },
  cancel_sm_resp: { id: 0x80000008, fields: none },
  bind_transceiver: { id: 0x00000009, fields: bind },
  bind_transceiver_resp: { id: 0x80000009, fields: bindAnswer },
  outbind: { id: 0x0000000b, fields: { systemId: text(16), password: text(9) } },
  enquire_link: { id: 0x00000015, fields: none },
  enquire_link_resp: { id: 0x80000015, fields: none },
  alert_notification: { id: 0x00000102, fields: alert },
  data_sm: { id: 0x00000103, fields: data },
  data_sm_resp: { id: 0x80000103, fields: messageAnswer },
} as const satisfies Record<string, { readonly id: number; readonly fields: Readonly<Record<string, Field>> }>;

export type PduCommand = keyof typeof commands;
type Body<C extends PduCommand> = {
  readonly [F in keyof (typeof commands)[C]['fields']]: ValueOf<(typeof commands)[C]['fields'][F]>;
};

/** An optional parameter (3.2.4): tag and value, in the order of the wire. */
export type Tlv = { readonly tag: number; readonly value: Uint8Array };

type Header<C extends PduCommand> = {
  readonly command: C;
  /** `command_status`: 0 in requests, {@link smppStatus} in answers. */
  readonly status: number;
  /** `sequence_number`: 1 to 0x7FFFFFFF, chosen by the asker, repeated in the answer. */
  readonly sequence: number;
  readonly tlvs: readonly Tlv[];
};

/** A PDU of one command as it was read. Octets are views into what was read: copy what is to be kept. */
export type PduOf<C extends PduCommand> = Header<C> & Body<C>;
/** Any PDU. */
export type Pdu = { [C in PduCommand]: PduOf<C> }[PduCommand];
/** A PDU to be written: fields left out are zero or empty. */
export type PduToWrite = {
  [C in PduCommand]: { readonly command: C } & Partial<Omit<Header<C>, 'command'>> & Partial<Body<C>>;
}[PduCommand];

/** A field with its name; `most` is 0 for a number. */
export type NamedField = { readonly name: string; readonly kind: Field['kind']; readonly most: number };
type Layout = {
  readonly command: PduCommand;
  readonly id: number;
  readonly fields: readonly NamedField[];
  /** A PDU in which every field is zero or empty: copied and filled, all PDUs of a command have one shape in memory. */
  readonly blank: Readonly<Record<string, unknown>>;
};

const emptyOf = { u8: 0, text: '', octets: new Uint8Array(0) } as const;
const noTlvs: readonly Tlv[] = Object.freeze([]);

/** The tables as lists, which are quicker to walk than objects. */
const layouts: readonly Layout[] = (Object.keys(commands) as PduCommand[]).map((command) => {
  const fields = Object.entries<Field>(commands[command].fields).map(([name, field]) => ({
    name,
    kind: field.kind,
    most: field.kind === 'u8' ? 0 : field.most,
  }));
  const empty = Object.fromEntries(fields.map(({ name, kind }) => [name, emptyOf[kind]]));
  return {
    command,
    id: commands[command].id,
    fields,
    blank: { command, status: 0, sequence: 0, tlvs: noTlvs, ...empty },
  };
});
const byId = new Map(layouts.map((layout) => [layout.id, layout]));
const byCommand = new Map(layouts.map((layout) => [layout.command as string, layout]));

export function layoutOfId(id: number): Layout | undefined {
  return byId.get(id);
}

export function layoutOf(command: string): Layout | undefined {
  return byCommand.get(command);
}

/** Octets of every header: length, id, status, sequence. */
export const headerOctets = 16;
/** Largest PDU that is read or written: a payload of 64 KiB would be the standard's most; no text message comes near it. */
export const mostPduOctets = 65_536;
/** Set in the id of every answer. */
export const answerBit = 0x80000000;

/** `command_status` values that are told apart here (5.1.3). */
export const smppStatus = {
  ok: 0x00,
  invalidMessageLength: 0x01,
  invalidCommandLength: 0x02,
  invalidCommandId: 0x03,
  invalidBindStatus: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  invalidSource: 0x0a,
  invalidDestination: 0x0b,
  invalidMessageId: 0x0c,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  throttled: 0x58,
  temporaryReceiverError: 0x64,
  permanentReceiverError: 0x65,
  invalidTlvLength: 0xc2,
  unknownError: 0xff,
} as const;

/** Tags of optional parameters that are used here (5.3.2). */
export const tlvTag = {
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarNumber: 0x020f,
  interfaceVersion: 0x0210,
} as const;

/** The first optional parameter of a tag. */
export function tlvOf(tlvs: readonly Tlv[], tag: number): Uint8Array | null {
  for (const tlv of tlvs) if (tlv.tag === tag) return tlv.value;
  return null;
}

/** An optional parameter that is a number of one to four octets. */
export function tlvNumber(tag: number, value: number, width: 1 | 2 | 4): Tlv {
  const octetsOf = new Uint8Array(width);
  for (let at = width - 1, rest = value; at >= 0; at -= 1, rest = Math.floor(rest / 256)) octetsOf[at] = rest & 0xff;
  return { tag, value: octetsOf };
}

/** The number in an optional parameter of one to four octets; null when there is none, or no such length. */
export function numberOf(value: Uint8Array | null): number | null {
  if (value === null || value.length === 0 || value.length > 4) return null;
  return value.reduce((sum, octet) => sum * 256 + octet, 0);
}
