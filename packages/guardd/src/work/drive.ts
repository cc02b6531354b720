/**
 * Drivers that are carried out by a process of their own (`drivers/drive.ts`), in the enclosure like any program: those that
 * know check and undo themselves, and commands on other machines.
 */
import type { BeforeAll, DriveAction, DriveJob } from '../drivers/drive.ts';
import { entryCommand, lightEnvironment } from '../entry.ts';
import { environment, perform } from './command.ts';
import type { ActionContext, Driver } from './driver.ts';
import { parseJson } from './http-call.ts';

/** The driver that plans call `name`, by a process of its own. */
export function driveBy(name: string): Driver<unknown> {
  return {
    name,
    async perform(what, context) {
      const { run, step, before, on, place } = context;
      const env = environment(place, context);
      const told = Object.entries(env).filter(([key]) => key.startsWith('BREAKWATER_'));
      const job: DriveJob = {
        driver: name,
        action: actionOf(name, context),
        run,
        step,
        what,
        on,
        before: (before ?? null) as BeforeAll | null,
        env: Object.fromEntries(told) as Record<string, string>,
      };
      let stdout: Buffer = Buffer.alloc(0);
      const end = await perform(
        entryCommand('drive', []),
        context,
        { ...lightEnvironment(), ...env },
        {
          input: JSON.stringify(job),
          heard: (said) => (stdout = said),
        },
      );
      if (job.action !== 'prepare' || end.answer !== 'yes') return end;
      const prepared = parseJson(stdout) as { before: unknown; unavailable: string | null } | undefined;
      return prepared === undefined ? { ...end, answer: 'unclear' } : { ...end, prepared };
    },
  };
}

/** A command is what it is; another driver that is undone asks whether anything is left of its change. */
function actionOf(name: string, { action, undoing }: ActionContext): DriveAction {
  if (action === 'probe') throw new RangeError('a probe is no action of a driver');
  return name !== 'command' && action === 'check' && undoing ? 'differs' : action;
}
