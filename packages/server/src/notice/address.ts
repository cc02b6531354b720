/** Addresses of recipients as lists have them: which can be sent to, in their one plain form, and why the others cannot. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { AddressKind } from './channels/channel.ts';

/** Why nothing is sent to a line of a list. */
export type RejectReason =
  | 'empty'
  | 'not-a-number'
  | 'not-mobile'
  | 'retired-number'
  | 'foreign-not-valid'
  | 'not-a-token'
  | 'number-for-token'
  | 'not-an-address'
  | 'repeated'
  | 'suppressed';

export type Address = { address: string } | { reason: RejectReason };

/** A Korean mobile number in its plain form, `010` and eight digits; null when the text is none (011 and the like are retired). */
export function mobileNumber(text: string): string | null {
  const digits = text
    .replace(/[\s().-]/g, '')
    .replace(/^(?:\+|00)?82/, '0')
    .replace(/^00/, '0');
  return /^010\d{8}$/.test(digits) ? digits : null;
}

const readers: Readonly<Record<AddressKind, (text: string) => Address>> = {
  phone: readPhone,
  token: readToken,
  email: readEmail,
};

/** The plain form of an address. Full-width digits, which Korean office programs write, are read as digits. */
export function readAddress(kind: AddressKind, text: string): Address {
  const plain = text.normalize('NFKC').trim();
  return plain === '' ? { reason: 'empty' } : readers[kind](plain);
}

const plainMobile = /^010\d{8}$/;
const foreignTypes: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'PERSONAL_NUMBER']);

function readPhone(text: string): Address {
  if (plainMobile.test(text)) return { address: text };
  const korean = mobileNumber(text);
  if (korean !== null) return { address: korean };
  const digits = text.replace(/[\s().-]/g, '');
  if (/^(?:\+|00)(?!82)\d{6,15}$/.test(digits)) {
    const parsed = parsePhoneNumberFromString(digits.replace(/^00/, '+'));
    if (parsed?.isValid() !== true || !foreignTypes.has(parsed.getType())) return { reason: 'foreign-not-valid' };
    return { address: parsed.number };
  }
  const national = digits.replace(/^(?:\+|00)?82/, '0');
  if (!/^\d{8,12}$/.test(national)) return { reason: 'not-a-number' };
  return { reason: /^01[16789]\d{7,8}$/.test(national) ? 'retired-number' : 'not-mobile' };
}

function readToken(text: string): Address {
  // The point of tokens is that no number comes in; one that looks like it was put into the wrong column.
  if (mobileNumber(text) !== null) return { reason: 'number-for-token' };
  return /^[A-Za-z0-9][A-Za-z0-9._~:@/+=-]{3,127}$/.test(text) ? { address: text } : { reason: 'not-a-token' };
}

function readEmail(text: string): Address {
  const found = /^([^\s@"<>(),;:\\[\]]{1,64})@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$/.exec(text);
  if (found?.[1] === undefined || found[2] === undefined || text.length > 254) return { reason: 'not-an-address' };
  return { address: `${found[1]}@${found[2].toLowerCase()}` };
}

/** The address that a gateway means by a number it reports of, in our plain form. */
export function reportedAddress(number: string): string {
  return mobileNumber(number) ?? (/^\d{6,15}$/.test(number) ? `+${number}` : number);
}
