/** A dialogue with the command line of a device: one line said, the answer up to its next prompt. */
import type { Duplex } from 'node:stream';
import { Failed, Unclear } from './answer.ts';

export interface Dialogue {
  /** Says a line and answers what came before the prompt. Throws Failed for an error of the device, Unclear when it falls silent. */
  say(line: string, options?: SayOptions): Promise<string>;
  close(): void;
}

export interface SayOptions {
  /** Questions that may come before the prompt, and what is answered to them. */
  readonly answers?: readonly { readonly to: RegExp; readonly with: string }[];
}

/** A device that says nothing for so long has fallen silent, ms. */
const silentMs = 20_000;
const mostBytes = 8 * 1024 * 1024;
/** What devices say of a line that they do not take. */
const refusal =
  /^\s*(?:% ?(?:Invalid|Incomplete|Ambiguous|Unknown|Error|Access denied|Bad)|error:|syntax error|unknown command|missing argument|invalid )/im;

/** Waits for the first prompt. */
export async function openDialogue(stream: Duplex, prompt: RegExp): Promise<Dialogue> {
  let heard = '';
  let wake: () => void = () => undefined;
  let ended = false;
  stream.on('data', (chunk: Buffer) => {
    heard = (heard + chunk.toString('latin1').replaceAll('\r', '')).slice(-mostBytes);
    wake();
  });
  for (const event of ['close', 'error'] as const)
    stream.on(event, () => {
      ended = true;
      wake();
    });

  /** Answers what was heard up to something that is waited for. */
  const hear = async (options: readonly RegExp[]): Promise<{ which: number; text: string }> => {
    for (;;) {
      const lastLine = heard.slice(heard.lastIndexOf('\n') + 1);
      const which = options.findIndex((one) => one.test(lastLine));
      if (which >= 0) {
        const text = heard;
        heard = '';
        return { which, text };
      }
      if (ended) throw new Unclear('the device closed the connection');
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Unclear('the device fell silent')), silentMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  await hear([prompt]);
  return {
    async say(line, { answers = [] } = {}) {
      stream.write(`${line}\n`);
      let said = '';
      for (;;) {
        const { which, text } = await hear([...answers.map(({ to }) => to), prompt]);
        said += text;
        const answer = answers[which];
        if (answer === undefined) break;
        stream.write(`${answer.with}\n`);
      }
      const spoken = said.split('\n').slice(1, -1).join('\n');
      if (refusal.test(spoken)) throw new Failed(`${line}: ${spoken.trim().slice(0, 500)}`);
      return spoken;
    },
    close: () => stream.end(),
  };
}
