/** The packs that come with Breakwater, and which of them is in force when. */
import korea from './packs/kr-fsc-2026-06-30.json' with { type: 'json' };
import singapore from './packs/sg-mas-trm.json' with { type: 'json' };
import { BreakwaterError } from '../error.ts';
import { type PolicyPack, parsePack } from './pack.ts';
import { at } from './time.ts';

const packs: readonly PolicyPack[] = [korea, singapore].map((source) => frozen(parsePack(source)));

/** The pack used where none is in force at the start of a work. */
export const defaultPackId = 'kr-fsc-2026-06-30';

/** Every pack that comes with Breakwater. */
export function listPacks(): readonly PolicyPack[] {
  return packs;
}

/** The pack of an id. Throws BreakwaterError `pack.unknown`. */
export function getPack(id: string): PolicyPack {
  const pack = packs.find((each) => each.id === id);
  if (pack === undefined) {
    throw new BreakwaterError(
      'pack.unknown',
      `there is no pack ${shown(id)}: known are ${packs.map((each) => each.id).join(', ')}`,
    );
  }
  return pack;
}

/** The newest pack of a jurisdiction in force at a time (RFC 3339), among those that come with Breakwater or are given; null if none. */
export function packInForce(
  time: string,
  jurisdiction = 'KR',
  among: readonly PolicyPack[] = packs,
): PolicyPack | null {
  const instant = at(time) ?? NaN;
  const inForce = among.filter(
    (pack) =>
      pack.jurisdiction === jurisdiction &&
      (at(pack.effective.from) ?? Infinity) <= instant &&
      instant < (at(pack.effective.to) ?? Infinity),
  );
  return inForce.toSorted((a, b) => (at(b.effective.from) ?? 0) - (at(a.effective.from) ?? 0))[0] ?? null;
}

function shown(id: unknown): string {
  return typeof id === 'string' ? JSON.stringify(id) : `named by a ${typeof id}`;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
