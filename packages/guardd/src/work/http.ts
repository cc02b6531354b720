/** The driver `http`: one request; yes = the answer is as expected. It carries the effect's key and epoch to the target. */
import type { HttpCall } from '../guarded-plan.ts';
import { callHttp } from './http-call.ts';
import type { Driver } from './driver.ts';
import { digestOfOutputs, keepOutput } from './output.ts';

export const httpDriver: Driver<HttpCall> = {
  name: 'http',
  async perform(call, { cut, timeoutMs, place, idempotencyKey, epoch, run, output }) {
    const headers = { 'idempotency-key': idempotencyKey, 'breakwater-run': run, 'breakwater-epoch': String(epoch) };
    const { outcome, reason, body } = await callHttp(call, {
      withinMs: timeoutMs,
      targets: place.targets,
      signal: cut,
      headers,
    });
    const kept = keepOutput(`${output}.out`);
    kept.take(body);
    kept.end();
    const common = { exitCode: null, outputDigest: digestOfOutputs([kept]) };
    switch (outcome) {
      case 'met':
        return { answer: 'yes', ...common };
      case 'unmet':
        return { answer: 'no', ...common };
      case 'failed':
      case 'unasked':
        return { answer: cut.aborted ? 'cut' : reason === 'timeout' ? 'timeout' : 'unclear', ...common };
    }
  },
};
