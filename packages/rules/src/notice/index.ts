export { alternativeChannelSchema, isOpenThroughout, type AlternativeChannel } from './alternative-channel.ts';
export { noticeBytes, noticeDigest, versionHash } from './chain.ts';
export {
  DeliveryTree,
  deliveryLeaf,
  deliveryProofSchema,
  deliverySchema,
  provesDelivery,
  type Delivery,
  type DeliveryProof,
} from './delivery-proof.ts';
export { textChanges, type TextChange } from './diff.ts';
export {
  isBlank,
  noticeFields,
  noticeSchema,
  readNotice,
  windowAround,
  windowsOf,
  type Notice,
  type NoticeWindow,
} from './document.ts';
export {
  draftNotice,
  draftSuccessor,
  successorKinds,
  type AnnouncedWork,
  type Announcer,
  type Succession,
} from './draft.ts';
export { lintSchema, noticeRules, type Lint, type NoticeFinding, type NoticeRule } from './finding.ts';
export { fixMessage, fixNotice, type TextFix } from './fix.ts';
export {
  judgeGate,
  stalledAfterMs,
  type GateAsk,
  type GateFinding,
  type NoticeGate,
  type SendingReceipts,
} from './gate.ts';
export { lintNotice } from './lint.ts';
export {
  longestMessage,
  messageBytes,
  messageType,
  unshownCharacters,
  webOriginBytes,
  type MessageType,
} from './message.ts';
export { gatewayToSwitchTo, isStalled, type SendingProgress } from './progress.ts';
export { proofLevelMeaning, proofLevelOf, proofLevels, type MessageFacts, type ProofLevel } from './proof-level.ts';
export { quietHours, quietWithin, scheduleSending, type SendingPlan, type SendingSchedule } from './schedule.ts';
export { phaseAt, serviceStateOf, type ObservedService, type ServiceState } from './service-state.ts';
export {
  changesTimingOrScope,
  inForce,
  mayFollow,
  mustBeSent,
  noticeChanges,
  successions,
  type NoticeChange,
  type NoticeKind,
} from './succession.ts';
export { spellDate, spellInstant, spellPhone, spellWindow, spellWindows } from './wording.ts';
export { createPduReader, decodePdu, type PduFault, type PduRead, type PduReader } from './smpp/decode.ts';
export { encodePdu } from './smpp/encode.ts';
export { createPduWriter, earlyOctets, type PduWriter } from './smpp/writer.ts';
export {
  contentOf,
  dataCoding,
  decodeUcs2,
  encodeUcs2,
  partIn,
  partsOf,
  type LongForm,
  type Part,
  type SmppCharset,
} from './smpp/parts.ts';
export {
  answerBit,
  numberOf,
  smppStatus,
  tlvNumber,
  tlvOf,
  tlvTag,
  type Pdu,
  type PduCommand,
  type PduOf,
  type PduToWrite,
  type Tlv,
} from './smpp/pdu.ts';
export { isReceipt, messageStateOf, readReceipt, readReceiptText, receiptText, type Receipt } from './smpp/receipt.ts';
