/** Bytes both ways between a tool and its target, counted and hashed, not read. */
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WatchedBody, type BodyEvidence } from './body.ts';

/** Resolves when both directions have ended; never rejects. */
export async function relay(tool: Duplex, target: Duplex): Promise<{ sent: BodyEvidence; got: BodyEvidence }> {
  const sent = new WatchedBody(Number.MAX_SAFE_INTEGER, 0);
  const got = new WatchedBody(Number.MAX_SAFE_INTEGER, 0);
  // Two pipelines listen at each end, besides whoever brought it here.
  for (const end of [tool, target]) end.setMaxListeners(24);
  tool.once('close', () => target.destroy());
  await Promise.allSettled([pipeline(tool, sent, target), pipeline(target, got, tool)]);
  tool.destroy();
  target.destroy();
  return { sent: sent.evidence(null, null), got: got.evidence(null, null) };
}
