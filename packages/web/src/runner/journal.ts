/** The log of a run in words, newest first: what a person reads of it. */
import { refusalText } from '@breakwater/rules/guard';
import type { JournalEvent } from '@breakwater/rules/guard/record';
import { cageWords, endsOfPulses, tripWords, type Pulsing } from '@breakwater/rules/review';
import type { RunEvent } from '@breakwater/rules/runner';
import type { Language, Say } from '#words';
import { hms } from '#words';
import type { runWords } from './words.ts';

type Key = keyof (typeof runWords)['ko'];

export interface JournalLine {
  readonly seq: number;
  readonly at: string;
  readonly who: Key;
  readonly text: string;
  readonly attention: boolean;
}

interface Told extends Pulsing {
  readonly who: Key;
  readonly text: string;
  readonly attention?: boolean;
}

/** The lines that events give; many of them are for machines and give none. */
export function journalLines(
  events: readonly RunEvent[],
  say: Say<Key>,
  language: Language,
  title: (step: string) => string,
): JournalLine[] {
  const lines = events.flatMap((event): (JournalLine & Pulsing)[] => {
    const told = tell(event, say, language, title);
    const at = event.type === 'guard.entry' ? event.data.at : event.at;
    return told === null ? [] : [{ seq: event.seq, at, attention: false, ...told }];
  });
  return endsOfPulses(lines).toReversed();
}

function tell(event: RunEvent, say: Say<Key>, language: Language, title: (step: string) => string): Told | null {
  switch (event.type) {
    case 'run.requested':
      return { who: 'who-person', text: say('j-requested', { by: event.data.by }) };
    case 'run.gated':
      return {
        who: 'who-run',
        text: event.data.ready ? say('j-gated') : say('j-refused'),
        attention: !event.data.ready,
      };
    case 'run.claimed':
      return { who: 'who-run', text: say('j-claimed', { epoch: event.data.epoch }), attention: event.data.epoch > 1 };
    case 'run.started':
      return { who: 'who-run', text: say('j-started') };
    case 'step.begin':
      return { who: 'who-run', text: say('j-step-begin', { step: title(event.data.step) }) };
    case 'step.end':
      return {
        who: 'who-run',
        text: say('j-step-end', { step: title(event.data.step), outcome: say(`outcome-${event.data.outcome}`) }),
        attention: !['done', 'already-done'].includes(event.data.outcome),
      };
    case 'guard.refused':
      return { who: 'who-guard', text: refusalText(event.data.refusal)[language], attention: true };
    case 'guard.alarm':
      return { who: 'who-guard', text: say('j-alarm', { detail: event.data.detail }), attention: true };
    case 'stop.asked':
      return {
        who: 'who-person',
        text: say('j-lever', { lever: say(`lever-${event.data.lever}`), by: event.data.by }),
        attention: true,
      };
    case 'rollback.asked':
      return { who: 'who-person', text: say('j-rollback', { by: event.data.by }), attention: true };
    case 'resume.asked':
      return { who: 'who-person', text: say('j-resume', { by: event.data.by }) };
    case 'run.ended':
      return { who: 'who-run', text: say('j-ended', { outcome: say(event.data.outcome) }) };
    case 'guard.entry':
      return tellEntry(event.data.event, say, language, title);
  }
}

function tellEntry(
  event: JournalEvent,
  say: Say<Key>,
  language: Language,
  title: (step: string) => string,
): Told | null {
  const who = 'who-guard';
  switch (event.type) {
    case 'run.prepared':
      return { who, text: say('j-prepared', { level: event.data.level }) };
    case 'supervisor.started':
      return event.data.because === 'prepared' ? null : { who, text: say('j-supervisor'), attention: true };
    case 'step.prepared': {
      const { step, unavailable } = event.data;
      return unavailable === null
        ? { who, text: say('j-recorded', { step: title(step) }) }
        : { who, text: say('j-no-undo', { step: title(step), why: unavailable }), attention: true };
    }
    case 'probe.changed':
      return {
        who,
        text: say('j-probe', { probe: event.data.probe, state: say(`service-${event.data.state}`) }),
        attention: event.data.state !== 'up',
      };
    case 'disruption.opened':
      return { who, text: say('j-down', { service: event.data.service }), attention: true };
    case 'disruption.closed':
      return { who, text: say('j-up', { service: event.data.service, time: hms(event.data.durationMs, 'used') }) };
    case 'run.tripped':
      return { who, text: say('j-trip', { why: tripWords(event.data.trip)[language] }), attention: true };
    case 'lever.pulled':
      return { who, text: say('j-pulled', { lever: say(`lever-${event.data.lever}`) }), attention: true };
    case 'work.stopped':
      return { who, text: say('j-stopped', { ms: Math.ceil(event.data.latencyMs) }) };
    case 'lease.lost':
      return { who, text: say('j-lease', { ms: event.data.silentMs }), attention: true };
    case 'recovery.begin':
      return {
        who,
        text: say('j-recovery', {
          measure: say(`measure-${event.data.measure}`),
          step: event.data.step === null ? '' : title(event.data.step),
        }),
      };
    case 'recovery.end':
      return {
        who,
        text: say('j-recovered', {
          measure: say(`measure-${event.data.measure}`),
          step: event.data.step === null ? '' : title(event.data.step),
          outcome: say(`outcome-${event.data.outcome}`),
        }),
      };
    case 'run.resumed':
      return { who, text: say('j-resumed', { by: event.data.approvedBy.join(', ') }) };
    case 'run.closed':
      return { who, text: say('j-closed', { time: hms(event.data.outageMs, 'used') }) };
    case 'cage.opened':
      return { who, text: say('j-cage', { level: event.data.level }) };
    case 'cage.attempts':
      return { who, text: cageWords(event)?.[language] ?? '', attention: true, pulse: event.type };
    case 'cage.closed':
      return { who, text: say('j-cage-closed') };
    case 'step.begin':
    case 'step.end':
    case 'epoch.changed':
    case 'meter.read':
    case 'pnr.set':
    case 'lease.renewed':
    case 'drill.measured':
    case 'cage.finding':
      return null;
  }
}
