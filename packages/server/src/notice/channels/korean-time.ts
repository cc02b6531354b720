/** Times as Korean relays write them: `2026-11-29 01:00:00`, Korean time, without a zone. */

const offsetMs = 9 * 3_600_000;

/** Epoch ms as Korean time. */
export function koreanTime(at: number): string {
  return new Date(at + offsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** Epoch ms of a Korean time, also in its form of fourteen digits; null when it is none. */
export function instantOf(text: string): number | null {
  const found = /^(\d{4})-?(\d{2})-?(\d{2})[T ]?(\d{2}):?(\d{2}):?(\d{2})(?:\.\d+)?$/.exec(text.trim());
  if (found === null) return null;
  const [, year, month, day, hour, minute, second] = found;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isFinite(at) ? at - offsetMs : null;
}
