/**
 * The outer shell of a dossier: a zip read so strictly that one file has one meaning.
 *
 * Readers of zip disagree on files whose local and central headers differ, whose members overlap or leave gaps, or
 * whose names repeat: one shows the committee what another does not. So a dossier may hold members back to back from
 * byte 0, then the central directory, then the end record, and not one byte more; every field that both headers state
 * must be equal, and every field that carries nothing must say nothing. Free are only what contracts call free:
 * compression (stored or deflated), the order of members, and their times (equal in both headers).
 */
import { BreakwaterError } from '@breakwater/rules';
import { Inflate } from 'fflate';
import type { Crypto } from './crypto.ts';

/** One member as it stands in the zip. */
export interface Member {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Bytes that are read at most; larger input is refused before anything is inflated. */
export const containerLimits = {
  zip: 1 << 30,
  /** All members inflated together. */
  inflated: 1 << 30,
  /** One member inflated. */
  member: 1 << 28,
  /** What the end record can count without zip64. */
  members: 65_534,
  path: 255,
} as const;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** Names in UTF-8 (bit 11), and the deflater's own note on its effort (bits 1 and 2), which is compression. */
const ALLOWED_FLAGS = 0x0806;
const STORED = 0;
const DEFLATED = 8;
/** Maker: FAT or Unix, so that attributes have one of two known meanings. */
const FAT = 0;
const UNIX = 3;
const UNIX_KIND = 0o170000;
const UNIX_REGULAR = 0o100000;

/** Fields that stand in both headers, as they stand in either. */
interface Shared {
  readonly needs: number;
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly date: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly nameBytes: number;
  readonly extraBytes: number;
}

interface Entry extends Shared {
  readonly path: string;
  readonly name: Uint8Array;
  readonly offset: number;
}

/**
 * Every member of the zip, in the order of their bytes.
 *
 * Throws BreakwaterError `dossier.container` whose path is the member's name, or `byte N` where no member can be named.
 */
export function readContainer(bytes: Uint8Array, { crc32 }: Pick<Crypto, 'crc32'>): Member[] {
  if (bytes.length > containerLimits.zip) refuse(`the file has more than ${containerLimits.zip} bytes`);
  if (bytes.length < END_BYTES) refuse('the file is too short for a zip');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = readEnd(view);
  const entries = readCentral(bytes, view, end);
  const inOrder = entries.toSorted((a, b) => a.offset - b.offset);
  let at = 0;
  let inflated = 0;
  const members: Member[] = [];
  for (const entry of inOrder) {
    if (entry.offset !== at) refuse(`bytes ${at} to ${entry.offset} belong to no member or to two`, entry.path);
    inflated += entry.size;
    if (inflated > containerLimits.inflated) refuse(`the members hold more than ${containerLimits.inflated} bytes`);
    const data = checkLocal(bytes, view, entry, end.centralAt);
    at = data.byteOffset - bytes.byteOffset + data.length;
    members.push({ path: entry.path, bytes: content(data, entry, crc32) });
  }
  if (at !== end.centralAt) refuse(`bytes ${at} to ${end.centralAt} lie outside every member`, `byte ${at}`);
  return members;
}

function readEnd(view: DataView): { count: number; centralAt: number; centralEnd: number } {
  const at = view.byteLength - END_BYTES;
  if (view.getUint32(at, true) !== END) {
    refuse(
      'the end record does not close the file: not a zip, cut, or followed by a comment or other data',
      `byte ${at}`,
    );
  }
  const [disk, centralDisk] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
  const [here, count] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [size, centralAt] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  if (disk !== 0 || centralDisk !== 0 || here !== count) refuse('the zip says it has several parts', `byte ${at}`);
  if (view.getUint16(at + 20, true) !== 0) refuse('the zip says it carries a comment', `byte ${at + 20}`);
  if (count > containerLimits.members || centralAt === 0xffffffff || size === 0xffffffff) {
    refuse('zip64 is not read: a dossier has at most 65,534 members', `byte ${at}`);
  }
  if (centralAt + size !== at) refuse('the central directory does not end where the end record begins', `byte ${at}`);
  return { count, centralAt, centralEnd: at };
}

function readCentral(
  bytes: Uint8Array,
  view: DataView,
  end: { count: number; centralAt: number; centralEnd: number },
): Entry[] {
  const entries: Entry[] = [];
  const seen = new Set<string>();
  let at = end.centralAt;
  let maker: string | undefined;
  for (let i = 0; i < end.count; i += 1) {
    if (at + CENTRAL_BYTES > end.centralEnd || view.getUint32(at, true) !== CENTRAL) {
      refuse(`entry ${i} of the central directory is not there`, `byte ${at}`);
    }
    const shared = readShared(view, at + 6);
    const next = at + CENTRAL_BYTES + shared.nameBytes;
    if (next > end.centralEnd) refuse(`entry ${i} of the central directory is cut`, `byte ${at}`);
    const name = bytes.subarray(at + CENTRAL_BYTES, next);
    const path = memberPath(name, at);
    if (seen.has(path)) refuse('the member is there twice', path);
    seen.add(path);
    checkShared(shared, path);
    maker ??= checkMaker(view, at, path);
    if (checkMaker(view, at, path) !== maker)
      refuse('its maker or attributes differ from those of the other members', path);
    entries.push({ ...shared, path, name, offset: view.getUint32(at + 42, true) });
    at = next;
  }
  if (at !== end.centralEnd) refuse(`bytes ${at} to ${end.centralEnd} belong to no entry`, `byte ${at}`);
  return entries;
}

function readShared(view: DataView, at: number): Shared {
  return {
    needs: view.getUint16(at, true),
    flags: view.getUint16(at + 2, true),
    method: view.getUint16(at + 4, true),
    time: view.getUint16(at + 6, true),
    date: view.getUint16(at + 8, true),
    crc: view.getUint32(at + 10, true),
    compressed: view.getUint32(at + 14, true),
    size: view.getUint32(at + 18, true),
    nameBytes: view.getUint16(at + 22, true),
    extraBytes: view.getUint16(at + 24, true),
  };
}

function checkShared(entry: Shared, path: string): void {
  if ((entry.flags & 1) !== 0) refuse('the member is encrypted', path);
  if ((entry.flags & 8) !== 0) refuse('its sizes follow the data: write them into the local header', path);
  if ((entry.flags & ~ALLOWED_FLAGS) !== 0)
    refuse(`flags 0x${entry.flags.toString(16)} are not used in a dossier`, path);
  if (entry.method !== STORED && entry.method !== DEFLATED)
    refuse(`compression method ${entry.method} is not read`, path);
  if (entry.method === STORED && entry.compressed !== entry.size) refuse('stored, but its two sizes differ', path);
  if (entry.needs !== 10 && entry.needs !== 20) refuse(`version ${entry.needs / 10} is needed to read it`, path);
  if (entry.extraBytes !== 0) refuse('the member carries an extra field', path);
  if (entry.size > containerLimits.member) refuse(`the member holds more than ${containerLimits.member} bytes`, path);
}

/** The fields that only the central header has. Returned so that one changed byte stands out among the members. */
function checkMaker(view: DataView, at: number, path: string): string {
  const made = view.getUint16(at + 4, true);
  const attributes = view.getUint32(at + 38, true);
  const [comment, disk, internal] = [32, 34, 36].map((field) => view.getUint16(at + field, true));
  if (comment !== 0) refuse('the member carries a comment', path);
  if (disk !== 0 || internal !== 0) refuse('its disk number or internal attributes are not 0', path);
  const [host, version] = [made >> 8, made & 0xff];
  if ((host !== FAT && host !== UNIX) || version < 10 || version > 63)
    refuse(`made by an unknown system (${made})`, path);
  const unix = host === UNIX ? attributes >>> 16 : 0;
  if ((attributes & 0xffff) !== 0 || (host === FAT && attributes !== 0))
    refuse('it has attributes of a directory or device', path);
  if ((unix & UNIX_KIND) !== 0 && (unix & UNIX_KIND) !== UNIX_REGULAR)
    refuse('it is a link, directory or device', path);
  return `${made} ${attributes}`;
}

const pathForm = /^(?:[a-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The name as a path: plain ASCII, `/` between parts, no part that begins with a dot. */
function memberPath(name: Uint8Array, at: number): string {
  if (name.length === 0 || name.length > containerLimits.path)
    refuse(`the name has ${name.length} bytes`, `byte ${at}`);
  const path = String.fromCharCode(...name);
  if (!pathForm.test(path)) refuse('the name is not a plain path (letters, digits, . _ - and / only)', `byte ${at}`);
  return path;
}

/** The member's data, once its local header has said the same as its central one. */
function checkLocal(bytes: Uint8Array, view: DataView, entry: Entry, limit: number): Uint8Array {
  const at = entry.offset;
  const dataAt = at + LOCAL_BYTES + entry.nameBytes;
  if (dataAt + entry.compressed > limit) refuse('the member reaches into the central directory', entry.path);
  if (view.getUint32(at, true) !== LOCAL) refuse('its local header is not there', entry.path);
  const local = readShared(view, at + 4);
  for (const field of Object.keys(local) as (keyof Shared)[]) {
    if (local[field] !== entry[field]) {
      refuse(`local and central header differ (${field}: ${local[field]} and ${entry[field]})`, entry.path);
    }
  }
  if (!entry.name.every((byte, i) => byte === bytes[at + LOCAL_BYTES + i])) {
    refuse('local and central header name different members', entry.path);
  }
  return bytes.subarray(dataAt, dataAt + entry.compressed);
}

function content(data: Uint8Array, entry: Entry, crc32: Crypto['crc32']): Uint8Array {
  const bytes = entry.method === STORED ? data : inflate(data, entry);
  if (bytes.length !== entry.size)
    refuse(`it holds ${bytes.length} bytes where the header says ${entry.size}`, entry.path);
  if (crc32(bytes) !== entry.crc) refuse('its CRC-32 differs: a byte was changed', entry.path);
  return bytes;
}

/**
 * Inflates to exactly the stated size. More output stops it at once, so that neither memory nor time goes beyond what
 * the header owns up to; a stream that ends before its last byte hides data behind its end.
 */
function inflate(data: Uint8Array, entry: Entry): Uint8Array {
  const whole = attempt(data, entry.size);
  if (whole === null) refuse('its compressed data are broken or hold more than the header says', entry.path);
  if (attempt(data.subarray(0, -1), entry.size) !== null)
    refuse('bytes follow the end of its compressed data', entry.path);
  return whole;
}

const INFLATE_CHUNK = 1 << 16;

function attempt(data: Uint8Array, size: number): Uint8Array | null {
  const out = new Uint8Array(size);
  let at = 0;
  const stream = new Inflate((chunk) => {
    out.set(chunk, at);
    at += chunk.length;
  });
  try {
    for (let i = 0; i < data.length; i += INFLATE_CHUNK) {
      stream.push(data.subarray(i, i + INFLATE_CHUNK), i + INFLATE_CHUNK >= data.length);
    }
  } catch {
    return null;
  }
  return data.length === 0 ? null : out.subarray(0, at);
}

function refuse(message: string, path = ''): never {
  throw new BreakwaterError('dossier.container', message, path);
}
