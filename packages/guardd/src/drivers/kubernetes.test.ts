import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Failed, Unclear } from './answer.ts';
import { kubernetesDriver } from './kubernetes.ts';
import { thisHost } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-kube-'));
const at = (name: string): string => join(folder, name);
const path = '/apis/apps/v1/namespaces/bank/deployments/transfer';
const keeping = { run: 'r1', step: 'rollout' };

/** What an API server answers, as it was recorded: a deployment whose rollout takes two looks. */
interface Cluster {
  image: string;
  generation: number;
  looks: number;
  stuck: boolean;
  status: number;
  patches: unknown[];
}
const cluster: Cluster = { image: '', generation: 1, looks: 0, stuck: false, status: 200, patches: [] };
let server: Server;
let url = '';

function recorded(): unknown {
  const behind = cluster.looks > 0 || cluster.stuck;
  if (cluster.looks > 0) cluster.looks--;
  const conditions = [
    { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
    cluster.stuck
      ? { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }
      : { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'transfer', namespace: 'bank', generation: cluster.generation, resourceVersion: '812' },
    spec: {
      replicas: 3,
      template: {
        spec: {
          containers: [
            { name: 'app', image: cluster.image },
            { name: 'proxy', image: 'proxy:1' },
          ],
        },
      },
    },
    status: {
      observedGeneration: cluster.generation,
      replicas: 3,
      updatedReplicas: behind ? 1 : 3,
      availableReplicas: 3,
      conditions,
    },
  };
}

beforeAll(async () => {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at('key')];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', at('ca'), ...subject], { stdio: 'pipe' });
  writeFileSync(at('token'), 'secret\n', { mode: 0o600 });
  server = createServer({ key: readFileSync(at('key')), cert: readFileSync(at('ca')) }, (request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const right = request.headers.authorization === 'Bearer secret' && request.url === path;
      answer.statusCode = right ? cluster.status : 403;
      if (request.method === 'PATCH' && answer.statusCode === 200) {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as {
          spec: { template: { spec: { containers: { image: string }[] } } };
        };
        cluster.patches.push([request.headers['content-type'], body]);
        cluster.image = body.spec.template.spec.containers[0]?.image ?? '';
        cluster.generation++;
        cluster.looks = 2;
      }
      answer.end(answer.statusCode === 200 ? JSON.stringify(recorded()) : '{"kind":"Status"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() =>
  Object.assign(cluster, { image: 'app:1', generation: 1, looks: 0, stuck: false, status: 200, patches: [] }),
);

describe('a rollout, with recorded answers of an API server', () => {
  const what = () => ({
    server: url,
    caFile: at('ca'),
    tokenFile: at('token'),
    namespace: 'bank',
    deployment: 'transfer',
    images: { app: 'app:2' },
  });

  test('sets the images, waits for every replica, and goes back to the images that were there', async () => {
    expect(await kubernetesDriver.check(what(), thisHost, null)).toBe(false);
    const { before } = await kubernetesDriver.prepare(what(), thisHost, keeping);
    expect(before).toEqual({ images: { app: 'app:1' } });
    await kubernetesDriver.do(what(), thisHost, before);
    expect(await kubernetesDriver.check(what(), thisHost, before)).toBe(true);
    expect(cluster.patches).toEqual([
      [
        'application/strategic-merge-patch+json',
        { spec: { template: { spec: { containers: [{ name: 'app', image: 'app:2' }] } } } },
      ],
    ]);
    await kubernetesDriver.undo(what(), thisHost, before);
    expect([cluster.image, await kubernetesDriver.differs(what(), thisHost, before)]).toEqual(['app:1', false]);
  });

  test('fails when the rollout stands still, a container is unknown, or the server refuses; and is unclear in its trouble', async () => {
    cluster.stuck = true;
    await expect(kubernetesDriver.do(what(), thisHost, { images: {} })).rejects.toThrow(/ProgressDeadlineExceeded/);
    const other = { ...what(), images: { sidecar: 'x:1' } };
    await expect(kubernetesDriver.prepare(other, thisHost, keeping)).rejects.toThrow('no container sidecar');
    cluster.status = 409;
    await expect(kubernetesDriver.check(what(), thisHost, null)).rejects.toThrow(Failed);
    cluster.status = 503;
    await expect(kubernetesDriver.check(what(), thisHost, null)).rejects.toThrow(Unclear);
    await expect(kubernetesDriver.check({ ...what(), caFile: at('no') }, thisHost, null)).rejects.toThrow(/ENOENT/);
  });
});
