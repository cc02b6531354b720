import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, createMetrics, redact, redactText, redacted, requestId } from './index.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): { text: string; entry: Record<string, unknown> } {
  let text = '';
  write(createLog('debug', { write: (line) => (text += line) }));
  return { text, entry: JSON.parse(text) as Record<string, unknown> };
}

describe('the log', () => {
  test('writes one JSON object with level, time, message and fields', () => {
    const { entry } = logged((log) => log.info({ run: 'r-1', steps: 3 }, 'run claimed'));
    expect(entry).toMatchObject({ run: 'r-1', steps: 3, message: 'run claimed', level: 30 });
    expect(entry['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('hides secrets and personal data by field name at any depth', () => {
    const fields = {
      recipient: '홍길동',
      a: { phone_number: 'x', list: [{ Email: 'y', kept: 'z' }] },
      Authorization: 'Bearer abc',
    };
    const { entry } = logged((log) => log.warn(fields, 'refused'));
    expect(entry).toMatchObject({
      recipient: redacted,
      a: { phone_number: redacted, list: [{ Email: redacted, kept: 'z' }] },
      Authorization: redacted,
    });
  });

  test('hides what has the shape of personal data in messages, fields and children', () => {
    const { text } = logged((log) =>
      log
        .child({ component: 'notice' })
        .info({ note: '연락처 010-1234-5678' }, 'sent to gil@bank.example, 900101-1234567'),
    );
    expect(text).not.toMatch(/1234-5678|gil@|900101/);
  });

  test('of a database error shows the code but neither row nor value', () => {
    const error = Object.assign(new Error('invalid input syntax for type integer: "홍길동"'), {
      code: '22P02',
      detail: 'Key (phone)=(01012345678) already exists.',
      where: 'unnamed portal parameter $1 = 홍길동',
    });
    for (const write of [{ error }, error]) {
      const { text } = logged((log) => log.error(write, 'write failed'));
      expect(text).toContain('22P02');
      expect(text).not.toMatch(/홍길동|01012345678/);
    }
  });

  test('of a chain of errors shows each, without the message hidden in the stack', () => {
    const error = new Error('outer', { cause: new Error('call 010 1234 5678') });
    const { text } = logged((log) => log.error({ error }, 'failed'));
    expect(text).toContain('outer');
    expect(text).not.toContain('5678');
  });
});

test('a mobile number is hidden however it is written and wherever it stands', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }).map((d) => d.join(''));
  fc.assert(
    fc.property(
      digits,
      fc.constantFrom('', '-', ' '),
      fc.constantFrom('010', '011', '+8210', '82-10'),
      (d, gap, head) => {
        const number = `${head}${gap}${d.slice(0, 4)}${gap}${d.slice(4)}`;
        expect(redactText(`번호 ${number} 입니다`)).not.toContain(d.slice(4));
      },
    ),
  );
});

test('redaction never fails and keeps numbers, times and identifiers', () => {
  fc.assert(fc.property(fc.anything({ maxDepth: 12 }), (value) => void redact(value)));
  const entry = { at: '2026-07-10T01:00:00+09:00', run: '0190b2c4-7f00-7abc-8def-001122334455', outageMs: 2_400_000 };
  expect(redact(entry)).toEqual(entry);
});

test('a request keeps its own id only when that has the shape of one', () => {
  expect(requestId('abcd-1234_EF')).toBe('abcd-1234_EF');
  for (const bad of [undefined, '', 'short', 'x'.repeat(65), 'line\nbreak-here', ['a', 'b']]) {
    expect(requestId(bad)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('metrics are those of this registry only', async () => {
  const text = await createMetrics().metrics();
  expect(text).toContain('breakwater_process_cpu_seconds_total');
  expect(await createMetrics().metrics()).toContain('breakwater_nodejs_eventloop_lag_seconds');
});

test.each(['throw error', 'void Promise.reject(error)'])(
  'what nobody caught (%s) ends the process, logged without personal data',
  (fault) => {
    const { href } = new URL('./index.ts', import.meta.url);
    const program = `const { catchTheRest, createLog } = await import(${JSON.stringify(href)});
    catchTheRest(createLog('info'));
    const error = Object.assign(new Error('call 010-1234-5678'), { detail: 'gil@bank.example' });
    setTimeout(() => { ${fault}; }, 1);
    setTimeout(() => process.exit(0), 5000);`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('a fault that nobody caught')]);
    expect(stderr).not.toMatch(/1234-5678|gil@/);
  },
);
