/** One line of results as nuclei writes them, while it writes them: read as a file of them is, so that a finding is the same. */
import { importNuclei, type FindingRecord, type Scope } from '@breakwater/rules/containment';
import { stamp } from '../events.ts';
import { approveHost, reach, type Reach } from '../reach.ts';

export interface NucleiResult {
  readonly finding: FindingRecord;
  /** Whether its place is inside the scope, by nuclei's own word; the gate knows better. */
  readonly reach: Reach;
}

/** Reads one line; null when it is none of nuclei's, tells of no match, or says nothing that can be placed. */
export function readResultLine(line: string, scope: Scope): NucleiResult | null {
  try {
    const [finding] = importNuclei(line, { seenAt: stamp(), evidence: null }).findings;
    if (finding === undefined) return null;
    const { asset, port } = finding;
    const named = approveHost(scope, asset, port);
    const { ip } = JSON.parse(line) as { ip?: unknown };
    const touched = typeof ip === 'string' ? reach(scope, ip, port, finding.protocol) : named;
    return { finding, reach: named.allowed ? touched : named };
  } catch {
    return null;
  }
}
