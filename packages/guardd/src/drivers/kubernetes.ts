/** The driver `kubernetes`: images of a deployment, rolled out and back through the API server. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { PatchAction } from '@breakwater/rules/plan';
import { codeOf } from '../log.ts';
import { Failed, Unclear } from './answer.ts';
import type { PatchDriver } from './patch-driver.ts';

type KubernetesAction = PatchAction<'kubernetes'>;

interface KubernetesBefore {
  readonly images: Readonly<Record<string, string>>;
}

/** What is read of a deployment, `apps/v1`. */
const deployment = z.object({
  metadata: z.object({ generation: z.int() }),
  spec: z.object({
    replicas: z.int().default(1),
    template: z.object({ spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }) }),
  }),
  status: z.object({
    observedGeneration: z.int().default(0),
    replicas: z.int().default(0),
    updatedReplicas: z.int().default(0),
    availableReplicas: z.int().default(0),
    conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string().default('') })).default([]),
  }),
});
type Deployment = z.infer<typeof deployment>;

const lookMs = 500;
const answersWithinMs = 10_000;
const mostBytes = 4 * 1024 * 1024;

export const kubernetesDriver: PatchDriver<KubernetesAction, KubernetesBefore> = {
  async check(what) {
    const now = await read(what);
    return has(now, what.images) && isRolledOut(now);
  },
  async prepare(what) {
    const images = imagesOf(await read(what));
    const before: Record<string, string> = {};
    for (const name of Object.keys(what.images)) {
      const image = images[name];
      if (image === undefined) throw new Failed(`${what.deployment} has no container ${name}`);
      before[name] = image;
    }
    return { before: { images: before }, unavailable: null };
  },
  do: (what) => rollOut(what, what.images),
  undo: (what, _, { images }) => rollOut(what, images),
  async differs(what, _, { images }) {
    const now = await read(what);
    return !has(now, images) || !isRolledOut(now);
  },
};

/** Sets the images and waits until every replica runs them; the step's own timeout ends the waiting. */
async function rollOut(what: KubernetesAction, images: Readonly<Record<string, string>>): Promise<void> {
  const containers = Object.entries(images).map(([name, image]) => ({ name, image }));
  await call(what, 'PATCH', { spec: { template: { spec: { containers } } } });
  for (;;) {
    const now = await read(what);
    if (has(now, images) && isRolledOut(now)) return;
    const stuck = now.status.conditions.find(({ type, status }) => type === 'Progressing' && status === 'False');
    if (stuck !== undefined && now.status.observedGeneration >= now.metadata.generation)
      throw new Failed(`the rollout of ${what.deployment} stands still: ${stuck.reason}`);
    await sleep(lookMs);
  }
}

function imagesOf({ spec }: Deployment): Record<string, string> {
  return Object.fromEntries(spec.template.spec.containers.map(({ name, image }) => [name, image]));
}

function has(now: Deployment, images: Readonly<Record<string, string>>): boolean {
  const found = imagesOf(now);
  return Object.entries(images).every(([name, image]) => found[name] === image);
}

/** As `kubectl rollout status` judges it. */
function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  return (
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas >= spec.replicas &&
    status.replicas <= status.updatedReplicas &&
    status.availableReplicas >= status.updatedReplicas
  );
}

async function read(what: KubernetesAction): Promise<Deployment> {
  const parsed = deployment.safeParse(await call(what, 'GET'));
  if (!parsed.success) throw new Unclear(`the API server's answer is no deployment: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function call(what: KubernetesAction, method: 'GET' | 'PATCH', body?: unknown): Promise<unknown> {
  const { server, namespace, deployment: name, caFile, tokenFile } = what;
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const sent = body === undefined ? null : Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, server), {
      method,
      ca: readSecret(caFile),
      agent: false,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${readSecret(tokenFile).trim()}`,
        ...(sent === null
          ? {}
          : { 'content-type': 'application/strategic-merge-patch+json', 'content-length': sent.length }),
      },
      timeout: answersWithinMs,
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.once('error', (error) => reject(new Unclear(`the API server: ${error.message}`)));
    asked.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostBytes) asked.destroy(new Error('its answer is too large'));
        else chunks.push(chunk);
      });
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(parsed(text));
        // A server that is in trouble may have done it.
        else reject(new (status >= 500 ? Unclear : Failed)(`the API server answered ${status}: ${text.slice(0, 500)}`));
      });
    });
    asked.end(sent);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readSecret(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Unclear(`${path} cannot be read: ${codeOf(error)}`);
  }
}
