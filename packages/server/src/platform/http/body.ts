import { BreakwaterError } from '@breakwater/rules';

/** Deepest nesting of a JSON body. */
export const maxBodyDepth = 64;

/**
 * Parses a JSON body. Throws BreakwaterError `request.not-json`, `request.nul` or `request.too-deep`. Keys `__proto__` are refused, so that no
 * body can reach a prototype.
 */
export function parseJsonBody(text: string): unknown {
  if (text === '') return undefined;
  if (depthOf(text) > maxBodyDepth) {
    throw new BreakwaterError('request.too-deep', `the body is nested deeper than ${maxBodyDepth} levels`, '/body');
  }
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new BreakwaterError('request.not-json', 'the body has a key __proto__', '/body');
      if (key.includes('\0') || (typeof value === 'string' && value.includes('\0'))) {
        throw new BreakwaterError('request.nul', 'the body holds a NUL character (\\u0000)', '/body');
      }
      return value;
    });
  } catch (error) {
    if (error instanceof BreakwaterError) throw error;
    throw new BreakwaterError('request.not-json', 'the body is not JSON', '/body');
  }
}

/** Deepest nesting of brackets outside strings; exact for JSON, and for other text it only matters that it ends. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === backslash) at += 1;
      else if (character === quote) inString = false;
    } else if (character === quote) inString = true;
    else if (character === openBrace || character === openBracket) deepest = Math.max(deepest, (depth += 1));
    else if (character === closeBrace || character === closeBracket) depth -= 1;
  }
  return deepest;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
