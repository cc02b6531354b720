import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { planStates } from '#plan';
import { runCan } from '#runner';
import {
  actionNames,
  can,
  denialText,
  permissionsOf,
  roleNames,
  roles,
  stopping,
  type Action,
  type Actor,
  type Denial,
  type Resource,
  type Role,
} from './index.ts';

interface Row {
  readonly action: Action;
  readonly roles: readonly Role[];
  readonly machines: readonly ('machine' | 'token')[];
  readonly plan?: readonly string[];
  readonly run?: readonly string[];
  readonly needs?: readonly ('signature' | 'fresh')[];
  readonly never?: readonly ('author' | 'self' | 'outsider')[];
}

const rows = parse(readFileSync(new URL('cases/authority.yaml', import.meta.url), 'utf8')) as Row[];
const rowOf = (action: Action): Row => rows.find((row) => row.action === action) as Row;
const phases = runCan.stop.phases;
const now = Date.parse('2026-12-01T00:00:00Z');
const fresh = { now, signed: true };

const person = (...held: Role[]): Actor => ({
  kind: 'person',
  person: 'p-17',
  institution: 'hanbit-bank',
  roles: held,
  authenticatedAt: now,
});
const machine: Actor = { kind: 'machine' };
const token = (scope: 'all' | readonly Action[]): Actor => ({ kind: 'token', id: 't-1', scope });

const reason = (actor: Actor, action: string, resource: Resource = {}, circumstances = fresh): string => {
  const answer = can(actor, action, resource, circumstances);
  return answer.allowed ? 'allowed' : answer.denial.reason;
};

describe('the table of authority', () => {
  test('has one row for every action', () => {
    expect(rows.map(({ action }) => action)).toEqual(actionNames);
  });

  test.each(rows)('$action: every role in every state', ({ action, roles: permitted, plan, run }) => {
    const resources: { resource: Resource; open: boolean }[] = [
      { resource: {}, open: true },
      ...planStates.map((state) => ({ resource: { plan: { state } }, open: plan?.includes(state) ?? true })),
      ...phases.map((phase) => ({ resource: { run: { phase } }, open: run?.includes(phase) ?? true })),
    ];
    for (const role of roleNames) {
      for (const { resource, open } of resources) {
        const want = !permitted.includes(role) ? 'role-missing' : open ? 'allowed' : 'state';
        expect(reason(person(role), action, resource), `${role} ${JSON.stringify(resource)}`).toBe(want);
      }
    }
  });

  test.each(rows)('$action: machines, and tokens of another scope', ({ action, machines }) => {
    const refused = machines.includes('machine') ? 'socket-needed' : 'person-needed';
    expect(reason(machine, action)).toBe(machines.includes('machine') ? 'allowed' : refused);
    expect(reason(token('all'), action)).toBe(machines.includes('token') ? 'allowed' : refused);
    expect(reason(token([action]), action)).toBe(machines.includes('token') ? 'allowed' : refused);
    const others = actionNames.filter((other) => other !== action);
    expect(reason(token(others), action)).toBe(machines.includes('token') ? 'scope-missing' : refused);
  });

  test.each(rows.filter(({ roles: permitted }) => permitted.length > 0))(
    '$action: what else it asks for',
    ({ action, roles: permitted, needs = [], never = [] }) => {
      const somebody = person(permitted[0] as Role);
      const asks = (what: 'signature' | 'fresh'): boolean => needs.includes(what);
      const forbids = (what: 'author' | 'self' | 'outsider'): boolean => never.includes(what);
      expect(reason(somebody, action, {}, { now, signed: false })).toBe(
        asks('signature') ? 'signature-needed' : 'allowed',
      );
      const later = { now: now + 3_600_000, signed: true };
      expect(reason(somebody, action, {}, later)).toBe(asks('fresh') ? 'stale-sign-in' : 'allowed');
      expect(reason(somebody, action, { author: 'p-17' })).toBe(forbids('author') ? 'author' : 'allowed');
      expect(reason(somebody, action, { subject: 'p-17' })).toBe(forbids('self') ? 'self' : 'allowed');
      expect(reason(somebody, action, { author: 'p-99', subject: 'p-99' })).toBe('allowed');
      if (action !== 'run.stop') {
        expect(reason(somebody, action, { institution: 'other' })).toBe('other-institution');
      }
      if (forbids('outsider')) {
        expect(reason(somebody, action, { members: ['p-99'] })).toBe('allowed');
        expect(reason(person('operator'), action, { members: ['p-99'] })).toBe('not-member');
        expect(reason(person('operator'), action, { members: ['p-17'] })).toBe('allowed');
      }
    },
  );
});

describe('whatever is asked', () => {
  const anyRoles = fc.uniqueArray(fc.constantFrom(...roleNames));

  test('what is not in the table is denied, also names that every object has', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'toString')), (action) => {
        fc.pre(!actionNames.includes(action as Action));
        return (
          reason(machine, action) === 'action-unknown' && reason(person(...roleNames), action) === 'action-unknown'
        );
      }),
    );
  });

  test('more roles never permit less', () => {
    fc.assert(
      fc.property(anyRoles, anyRoles, fc.constantFrom(...actionNames), (some, more, action) => {
        const answer = reason(person(...some), action);
        return answer !== 'allowed' || reason(person(...some, ...more), action) === 'allowed';
      }),
    );
  });

  test('who may stop, stops: in every phase, without a fresh sign-in, a signature or a look at what it is', () => {
    expect(stopping).toEqual(['run.stop']);
    fc.assert(
      fc.property(fc.constantFrom(...rowOf('run.stop').roles), fc.constantFrom(...phases), (role, phase) => {
        const resource = { run: { phase }, author: 'p-17', subject: 'p-17', institution: 'other' };
        return reason(person(role), 'run.stop', resource, { now: now + 1e9, signed: false }) === 'allowed';
      }),
    );
  });

  test('an auditor changes nothing, and a committee member sees nothing but cases', () => {
    const may = (role: Role): string[] =>
      Object.entries(permissionsOf(person(role), {}, fresh)).flatMap(([name, { allowed }]) => (allowed ? [name] : []));
    expect(may('auditor')).toEqual([
      'read',
      'session.read',
      'session.own',
      'case.read',
      'passkey.register',
      'person.read',
      'token.read',
      'webhook.read',
    ]);
    expect(may('committee-member')).toEqual([
      'session.read',
      'session.own',
      'case.read',
      'case.deliberate',
      'passkey.register',
    ]);
    expect(may('hub-member')).toEqual(['session.read', 'session.own', 'passkey.register']);
  });

  test('of a case, who sits on it sees and judges it, who applies sees and answers it, and nobody else of them does', () => {
    const [theirs, ofOthers] = [{ members: ['p-17'] }, { members: ['p-99'] }];
    for (const [role, action] of [
      ['committee-member', 'case.read'],
      ['committee-member', 'case.deliberate'],
      ['operator', 'case.read'],
      ['operator', 'case.answer'],
    ] as const) {
      expect([reason(person(role), action, theirs), reason(person(role), action, ofOthers)]).toEqual([
        'allowed',
        'not-member',
      ]);
    }
    expect(reason(person('compliance', 'committee-member'), 'case.deliberate', ofOthers)).toBe('not-member');
  });

  test('every reason has words in both languages', () => {
    const denials: Denial[] = [
      { reason: 'action-unknown', action: 'x' },
      { reason: 'role-missing', action: 'plan.decide', needed: ['approver'] },
      { reason: 'person-needed', action: 'session.own' },
      { reason: 'socket-needed', action: 'host.enrol' },
      { reason: 'scope-missing', action: 'read', scope: [] },
      { reason: 'signature-needed', action: 'plan.decide' },
      { reason: 'state', action: 'run.resume', of: 'run', state: 'working', permitted: ['held'] },
      { reason: 'author', action: 'plan.decide', person: 'p-17' },
      { reason: 'self', action: 'role.change' },
      { reason: 'other-person', action: 'plan.submit', person: 'p-17' },
      { reason: 'not-member', action: 'case.read' },
      { reason: 'other-institution', action: 'read' },
      { reason: 'stale-sign-in', action: 'role.change', withinSeconds: 900 },
    ];
    for (const denial of denials) {
      const { ko, en } = denialText(denial);
      expect(ko).toMatch(/[가-힣].*\.$/);
      expect(en).toMatch(/^[A-Z][^가-힣]*\.$/);
    }
    expect(roles.approver.ko).toBe('승인자');
  });
});
