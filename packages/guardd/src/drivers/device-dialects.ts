/** How kinds of network equipment say the same things. */
import type { Dialogue } from './device-dialogue.ts';

/** A change as a dialect needs it. */
export interface Change {
  readonly lines: readonly string[];
  /** After so many minutes the device takes it back by itself. */
  readonly minutes: number;
  readonly revertBy: 'reload' | 'archive';
  readonly save: boolean;
}

export interface Dialect {
  readonly prompt: RegExp;
  /** So that answers come whole, without a pager. */
  readonly greeting: readonly string[];
  /** Lines of a configuration that change without anybody changing it. */
  readonly changesByItself: RegExp;
  configuration(dialogue: Dialogue): Promise<string[]>;
  /** The device keeps its present configuration under a name. */
  save(dialogue: Dialogue, name: string): Promise<void>;
  /** Arms the device's own undo, then changes. */
  change(dialogue: Dialogue, change: Change): Promise<void>;
  /** Ends the device's own undo, and makes the change last. */
  confirm(dialogue: Dialogue, change: Change): Promise<void>;
  /** Ends a device's own undo that may still be running. */
  disarm(dialogue: Dialogue, change: Change): Promise<void>;
  /** Back to what was saved under a name, again with the device's own undo armed where it has one that fits. */
  restore(dialogue: Dialogue, name: string, change: Change): Promise<void>;
}

const yes = {
  answers: [
    { to: /\[confirm\]\s*$/i, with: '' },
    { to: /\[yes\/no\][:?]?\s*$/i, with: 'no' },
  ],
};
const destination = { answers: [{ to: /Destination filename.*\?\s*$/i, with: '' }, ...yes.answers] };
const reloadOrNone = /aborted|SHUTDOWN|No reload is scheduled|^\s*$/im;

const ciscoIos: Dialect = {
  prompt: /^[A-Za-z0-9._-]+(?:\([A-Za-z0-9_/ -]+\))?#\s*$/,
  greeting: ['terminal length 0', 'terminal width 0'],
  changesByItself: /^(?:! (?:Last|NVRAM|No) config|Building configuration|Current configuration|ntp clock-period)/,
  configuration: async (dialogue) => (await dialogue.say('show running-config')).split('\n'),
  async save(dialogue, name) {
    await dialogue.say(`copy running-config flash:${name}.cfg`, destination);
  },
  async change(dialogue, { lines, minutes, revertBy }) {
    // What is not saved is gone after the restart: the start-up configuration is still the old one.
    if (revertBy === 'reload') await dialogue.say(`reload in ${minutes}`, yes);
    await dialogue.say(revertBy === 'reload' ? 'configure terminal' : `configure terminal revert timer ${minutes}`);
    for (const line of lines) await dialogue.say(line);
    await dialogue.say('end');
  },
  async confirm(dialogue, { revertBy, save }) {
    await dialogue.say(revertBy === 'reload' ? 'reload cancel' : 'configure confirm');
    if (save) await dialogue.say('write memory', yes);
  },
  async disarm(dialogue, { revertBy }) {
    if (revertBy === 'archive') return void (await dialogue.say('configure revert now', yes).catch(() => ''));
    const said = await dialogue.say('reload cancel').catch((error: Error) => error.message);
    if (!reloadOrNone.test(said)) throw new Error(said);
  },
  async restore(dialogue, name, { minutes, revertBy }) {
    if (revertBy === 'reload') await dialogue.say(`reload in ${minutes}`, yes);
    const timer = revertBy === 'archive' ? ` revert trigger error timer ${minutes}` : '';
    await dialogue.say(`configure replace flash:${name}.cfg force${timer}`, yes);
  },
};

const junos: Dialect = {
  prompt: /^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+[>#]\s*$/,
  greeting: ['set cli screen-length 0', 'set cli screen-width 0'],
  changesByItself: /^(?:## Last (?:changed|commit)|\[edit\])/,
  configuration: async (dialogue) => (await dialogue.say('show configuration | display set | no-more')).split('\n'),
  async save(dialogue, name) {
    await dialogue.say(`show configuration | save ${name}.conf`);
  },
  async change(dialogue, { lines, minutes }) {
    await inConfiguration(dialogue, [...lines, `commit confirmed ${minutes}`]);
  },
  async confirm(dialogue) {
    await inConfiguration(dialogue, ['commit']);
  },
  // A commit that was not confirmed is taken back by the next one that is.
  disarm: () => Promise.resolve(),
  async restore(dialogue, name, { minutes }) {
    await inConfiguration(dialogue, [`load override ${name}.conf`, `commit confirmed ${minutes}`]);
  },
};

/** Exclusive, so that nobody else's unfinished lines are committed along. */
async function inConfiguration(dialogue: Dialogue, lines: readonly string[]): Promise<void> {
  await dialogue.say('configure exclusive');
  try {
    for (const line of lines) await dialogue.say(line);
  } catch (error) {
    await dialogue.say('rollback 0');
    throw error;
  } finally {
    await dialogue.say('exit configuration-mode', { answers: [{ to: /\[yes,no\].*$/i, with: 'yes' }] });
  }
}

export const dialects: Readonly<Record<'cisco-ios' | 'junos', Dialect>> = { 'cisco-ios': ciscoIos, junos };
