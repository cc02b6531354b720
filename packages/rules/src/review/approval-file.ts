/** Signed decisions as files of a dossier: the same that the records hold, for readers without a log. */
import type { Cited } from './live.ts';

/** The member that holds the decision of the record at `index`. */
export function approvalPath(index: number): string {
  return `approvals/${String(index).padStart(8, '0')}.json`;
}

/** What the member says: the record's number, type and payload. */
export function approvalMember({ index, leaf, payload }: Cited<unknown>): {
  index: number;
  type: string;
  decision: unknown;
} {
  return { index, type: leaf.type, decision: payload };
}
