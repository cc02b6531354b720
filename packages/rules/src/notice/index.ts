export { alternativeChannelSchema, isOpenThroughout, type AlternativeChannel } from './alternative-channel.ts';
export { isBlank, noticeFields, noticeSchema, readNotice, type Notice } from './document.ts';
export { draftNotice, type AnnouncedWork, type Announcer } from './draft.ts';
export { lintSchema, noticeRules, type Lint, type NoticeFinding, type NoticeRule } from './finding.ts';
export { lintNotice } from './lint.ts';
export {
  longestMessage,
  messageBytes,
  messageType,
  unshownCharacters,
  webOriginBytes,
  type MessageType,
} from './message.ts';
export { spellDate, spellInstant, spellPhone, spellWindow } from './wording.ts';
