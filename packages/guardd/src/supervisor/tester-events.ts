/** What a tester says, line by line, kept on the host: findings are need-to-know, so no journal tells more than their fingerprints. */
import type { TesterEvent } from '@breakwater/rules/containment';
import { keepArtefact } from '../testers/artefact.ts';

export interface EventFile {
  take(event: TesterEvent): void;
  end(): void;
  /** SHA-256 of the file; null before its end. */
  readonly digest: string | null;
}

/** Name of the file in a tester's folder. */
export const eventsFile = 'events.jsonl';

/** Keeps events as JSON lines in `folder/events.jsonl`, up to the cap of artefacts. */
export function keepEvents(folder: string): EventFile {
  const file = keepArtefact(folder, eventsFile);
  let digest: string | null = null;
  return {
    take: (event) => file.take(Buffer.from(`${JSON.stringify(event)}\n`)),
    end() {
      digest = file.end().digest;
    },
    get digest() {
      return digest;
    },
  };
}
