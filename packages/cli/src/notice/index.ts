/** Commands on notices to customers. */
import type { Command } from 'commander';
import { defineAnnounce } from './announce.ts';
import { defineApprove } from './approve.ts';
import { defineDraft } from './draft.ts';
import { defineDrafts } from './drafts.ts';
import { defineEstimate } from './estimate.ts';
import { defineGate } from './gate.ts';
import { defineLint } from './lint.ts';
import { defineSend } from './send.ts';
import { defineSmscSim } from './smsc-sim.ts';
import { defineStatus } from './status.ts';
import { defineSteering } from './steering.ts';
import { defineSuppress } from './suppress.ts';
import { defineTold } from './told.ts';

/** Adds `notice` and `smsc-sim` to the program. */
export function noticeCommands(program: Command): void {
  const notice = program.command('notice').description('Draft, check, publish and send notices to customers.');
  defineDraft(notice);
  defineLint(notice);
  defineEstimate(notice);
  defineApprove(notice);
  defineAnnounce(notice);
  defineDrafts(notice);
  defineGate(notice);
  defineSend(notice);
  defineStatus(notice);
  defineSteering(notice);
  defineTold(notice);
  defineSuppress(notice);
  defineSmscSim(program);
}
