/** Other ways for customers to do what the announced work takes away, and when they are open. */
import { z } from 'zod';

const clock = /^(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)$/;

/** A time of day in Korea, `00:00` to `24:00`. */
const timeOfDay = z.string().regex(clock, { error: 'write the time of day as HH:MM, from 00:00 to 24:00' });

/** Open every day from `opens` to `closes`, Korean time; `closes` before `opens` means the next morning. */
export const alternativeChannelSchema = z
  .strictObject({
    name: z.string().regex(/\S/, { error: 'name the channel' }).max(200),
    service: z.string().min(1).max(128),
    opens: timeOfDay,
    closes: timeOfDay,
  })
  .refine(({ opens, closes }) => opens !== closes, {
    error: 'opens and closes are the same: write 00:00 and 24:00 for a channel that never closes',
    path: ['closes'],
  });
export type AlternativeChannel = z.infer<typeof alternativeChannelSchema>;

const minute = 60_000;
const day = 24 * 60 * minute;
/** Korean time has been UTC+9 without daylight saving since 1988. */
const koreaOffset = 9 * 60 * minute;

/** True when the channel is open from `start` to `end` (epoch ms) without a break. */
export function isOpenThroughout({ opens, closes }: AlternativeChannel, start: number, end: number): boolean {
  const from = minutesOf(opens) * minute;
  const until = minutesOf(closes) * minute;
  if (from === 0 && until === day) return true;
  const length = until > from ? until - from : until + day - from;
  const midnight = Math.floor((start + koreaOffset) / day) * day - koreaOffset;
  return [midnight - day, midnight].some((base) => base + from <= start && end <= base + from + length);
}

function minutesOf(timeOfDay: string): number {
  return Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3));
}
