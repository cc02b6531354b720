/** The only fonts that a dossier is set in: three files of one pinned release, known by their hashes. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BreakwaterError } from '@breakwater/rules';

const require = createRequire(import.meta.url);

/** Pretendard 1.3.9 (OFL-1.1), SHA-256 of each file. Another file would give other bytes of the PDF, so it is refused. */
const fonts = [
  { file: 'Pretendard-Regular.otf', sha256: '3ffbacde6ab8411f1d2db54bb9b1f0b3ee2a738932033722cf0388c06aed1c93' },
  { file: 'Pretendard-SemiBold.otf', sha256: 'c89bc43027dc7cde5726e96223376f8eec09302b2fc1f8147fd5b57cfc376118' },
  { file: 'Pretendard-Bold.otf', sha256: '2e91915fab54df71cc9598ebf608b2bdb54c6fe3c066ac61dff0bc44fca71cc7' },
] as const;

/** The bytes of the fonts. Throws BreakwaterError `review.font-changed` when a file is not the pinned one. */
export function readFonts(): Buffer[] {
  return fonts.map(({ file, sha256 }) => {
    const path = require.resolve(`pretendard/dist/public/static/${file}`);
    const bytes = readFileSync(path);
    if (hash('sha256', bytes, 'hex') !== sha256) {
      throw new BreakwaterError(
        'review.font-changed',
        `${file} is not the file of pretendard 1.3.9: install it again`,
        path,
      );
    }
    return bytes;
  });
}

/**
 * Makes text printable with a font that covers only `covered`: PDF/A refuses characters without a glyph, and leaving
 * one out would change what is said. Such a character is printed as its code point, `[U+6F22]`.
 */
export function printable(text: string, covered: ReadonlySet<number>): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    out += code === 0x0a || covered.has(code) ? character : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  }
  return out;
}

/** The code points that an OpenType font has glyphs for, by its `cmap` of format 12 (OpenType 1.9, `cmap`). */
export function coverage(font: Buffer): ReadonlySet<number> {
  const tables = font.readUInt16BE(4);
  let cmap = -1;
  for (let i = 0; i < tables; i += 1) {
    const at = 12 + i * 16;
    if (font.toString('latin1', at, at + 4) === 'cmap') cmap = font.readUInt32BE(at + 8);
  }
  const covered = new Set<number>();
  for (let i = 0; cmap >= 0 && i < font.readUInt16BE(cmap + 2); i += 1) {
    const at = cmap + font.readUInt32BE(cmap + 4 + i * 8 + 4);
    if (font.readUInt16BE(at) !== 12) continue;
    for (let group = 0; group < font.readUInt32BE(at + 12); group += 1) {
      const [first, last] = [font.readUInt32BE(at + 16 + group * 12), font.readUInt32BE(at + 20 + group * 12)];
      for (let code = first; code <= last; code += 1) covered.add(code);
    }
  }
  if (covered.size === 0) throw new BreakwaterError('review.font-changed', 'the font says no character that it covers');
  return covered;
}
