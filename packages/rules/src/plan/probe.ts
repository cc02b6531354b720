/** How the guard sees services and damage during a run. */
import { z } from 'zod';
import { positiveDuration } from '../duration.ts';
import { argv, httpUrl, identifier, jsonPointer, reference, uniqueBy } from './field.ts';
import { httpProbeCall, httpProbeExpect } from './step.ts';

const probeHead = {
  id: identifier,
  service: identifier,
  every: positiveDuration,
  /** Failures in a row that make it down, successes in a row that make it up; default 3 each. */
  downAfter: z.int().min(1).max(1000).optional(),
  upAfter: z.int().min(1).max(1000).optional(),
};

const within = z.strictObject({ within: positiveDuration });

const httpProbe = z
  .strictObject({
    ...probeHead,
    kind: z.literal('http'),
    /** One GET ... */
    url: httpUrl.optional(),
    expect: httpProbeExpect.optional(),
    /** ... or a journey of several requests, in order; the first that fails decides. */
    requests: z.array(httpProbeCall).min(1).max(50).optional(),
  })
  .check(({ value, issues }) => {
    const single = value.url !== undefined || value.expect !== undefined;
    const message =
      value.requests !== undefined
        ? single && 'give either url and expect, or requests, not both'
        : (value.url === undefined || value.expect === undefined) && 'give url and expect, or a list of requests';
    if (message) issues.push({ code: 'custom', input: value, message });
  });

/**
 * A sensor of one service. `http`: the answer meets `expect`; `tcp`: a connection opens within the time;
 * `command`: exits 0 within the time.
 */
export const probeSchema = z.discriminatedUnion('kind', [
  httpProbe,
  z.strictObject({
    ...probeHead,
    kind: z.literal('tcp'),
    host: z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, { error: 'must be a host name or an IP address' }),
    port: z.int().min(1).max(65_535),
    expect: within,
  }),
  z.strictObject({ ...probeHead, kind: z.literal('command'), run: argv, expect: within }),
]);
export type Probe = z.infer<typeof probeSchema>;

export const probesSchema = z
  .array(probeSchema)
  .max(200)
  .check(uniqueBy((probe) => probe.id, ['id']));

/**
 * Where a running total is read. `http-json` and `command` read a whole number, or `{low, high}`, at `pointer` of
 * the JSON they get; `none` = nobody measures during the run, a named person attests afterwards.
 */
export const meterSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http-json'),
    url: httpUrl,
    pointer: jsonPointer,
    every: positiveDuration,
    within: positiveDuration.optional(),
  }),
  z.strictObject({
    kind: z.literal('command'),
    run: argv,
    pointer: jsonPointer.optional(),
    every: positiveDuration,
    within: positiveDuration.optional(),
  }),
  z.strictObject({ kind: z.literal('none'), attestedBy: reference }),
]);
export type Meter = z.infer<typeof meterSchema>;
