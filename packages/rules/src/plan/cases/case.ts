/** Reads the cases beside this file: the base plan, changed as a case says, in a context that describes it. */
import { readdirSync, readFileSync } from 'node:fs';
import { readDocument } from '../../document.ts';
import { planHash, stepDigests } from '../hash.ts';
import { requirePlan } from '../read.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Change = { set?: Record<string, Json>; remove?: string[] };

/** A case as it is written; see `scope.yaml`. */
export interface WrittenCase extends Change {
  note: string;
  test?: true;
  context?: Change | 'none';
  /** Which plan the rehearsals, approvals or the playbook are of: the changed one, or the one before the change. */
  rehearsed?: 'before' | 'after';
  approved?: 'before' | 'after';
  playbook?: 'same' | 'before';
  waive?: Record<string, Json>;
  want: string[];
  ready?: boolean;
}

const here = new URL('.', import.meta.url);

function load(file: string): unknown {
  return readDocument(readFileSync(new URL(file, here), 'utf8')).value;
}

export const caseFiles = readdirSync(here).filter((file) => file.endsWith('.yaml') && file !== 'base.yaml');
export const casesOf = (file: string): WrittenCase[] => load(file) as WrittenCase[];
export const base = load('base.yaml') as { plan: Record<string, Json>; context: Record<string, Json> };

/** The base plan as a security test with AI. */
export function asTest(plan: Record<string, Json>): Record<string, Json> {
  const {
    advisories: _advisories,
    fixes: _fixes,
    otherChanges: _otherChanges,
    steps: _steps,
    ...rest
  } = structuredClone(plan);
  return {
    ...rest,
    kind: 'security-test',
    activity: 'automated-pentest',
    scope: {
      schema: 'breakwater.scope/1',
      targets: [{ cidr: '10.66.0.10/32', ports: ['tcp/8080', 'tcp/8443-8445'] }],
      never: ['10.66.0.1/32'],
      caps: { newConnectionsPerSecond: 50, packetsPerSecond: 500, concurrent: 20, bytes: 10_000_000 },
      window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
      lease: 'PT2S',
      authority: structuredClone(plan['authority'] ?? null),
    },
    tester: { kind: 'agent', run: ['scan', '--safe'], usesAi: true, model: { name: 'local' } },
  };
}

/** A copy with values put at, or taken from, JSON Pointers. */
export function changed<T extends Json>(document: T, { set = {}, remove = [] }: Change): T {
  const copy = structuredClone(document);
  const parent = (pointer: string): [holder: Record<string, Json> & Json[], key: string] => {
    const parts = pointer.split('/').slice(1);
    const key = parts.pop() ?? '';
    const holder = parts.reduce<Json>((inner, part) => (inner as Record<string, Json>)[part] ?? null, copy);
    return [holder as Record<string, Json> & Json[], key];
  };
  for (const [pointer, value] of Object.entries(set)) {
    const [holder, key] = parent(pointer);
    (holder as Record<string, Json>)[key] = value;
  }
  for (const pointer of remove) {
    const [holder, key] = parent(pointer);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  }
  return copy;
}

/** The plan and the context of a case. */
export function build(given: WrittenCase): { plan: Record<string, Json>; context: Record<string, Json> | undefined } {
  const before = given.test === true ? asTest(base.plan) : base.plan;
  const plan = changed(before, given);
  if (given.context === 'none') return { plan, context: undefined };
  const of = (which: 'before' | 'after' | 'same' | undefined): Record<string, Json> =>
    which === 'before' ? before : plan;
  const playbook: Record<string, Json> =
    given.playbook === undefined
      ? {}
      : {
          playbooks: [
            { id: 'tls', hash: `sha256:${'aa'.padStart(64, '0')}`, stepDigests: digests(of(given.playbook)) },
          ],
        };
  const context = changed({ ...base.context, ...playbook }, given.context ?? {}) as Record<string, Json>;
  const fill = (list: Json | undefined, members: Record<string, Json>): Json | undefined =>
    Array.isArray(list) ? list.map((one) => ({ ...members, ...(one as Record<string, Json>) })) : list;
  const filled = {
    ...context,
    rehearsals: fill(context['rehearsals'], {
      planHash: planHash(of(given.rehearsed)),
      stepDigests: digests(of(given.rehearsed)),
    }),
    approvals: fill(context['approvals'], { planHash: planHash(of(given.approved)) }),
    waivers: given.waive && [
      { planHash: planHash(plan), person: 'p-40', reason: 'the risk of waiting is greater', ...given.waive },
    ],
  };
  return {
    plan,
    context: Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== undefined)) as Record<
      string,
      Json
    >,
  };
}

function digests(plan: Record<string, Json>): Record<string, string> {
  return stepDigests(requirePlan(plan));
}
