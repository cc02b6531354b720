import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocument } from '@breakwater/rules';
import { describe, expect, test } from 'vitest';

const here = (name: string): string => new URL(name, import.meta.url).pathname;
const read = (name: string): string => readFileSync(here(name), 'utf8');
const units = ['systemd/breakwater-server.service', '../packages/guardd/systemd/breakwater-guardd.service'];

type Tree = { readonly [key: string]: Tree } & readonly Tree[];

/** A chart's template with its values put in. Whatever else a template could do is refused: this is not Helm. */
function rendered(template: string, values: unknown): Tree {
  const text = template.replace(/\{\{ \.(Release\.Name|Values(?:\.\w+)+) \}\}/g, (_, path: string) => {
    if (path === 'Release.Name') return 'bw';
    const value = path
      .split('.')
      .slice(1)
      .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values);
    if (typeof value === 'object' || value === undefined) throw new Error(`values.yaml has no ${path}`);
    return `${value as string | number | boolean}`;
  });
  if (/\{\{/.test(text)) throw new Error('the template does more than put values in');
  return readDocument(text).value as Tree;
}

const chart = (name: string): string => read(`helm/breakwater/${name}`);
const values = readDocument(chart('values.yaml')).value;
const manifests = readdirSync(here('helm/breakwater/templates')).map((name) =>
  rendered(chart(`templates/${name}`), values),
);
const ofKind = (kind: string): Tree[] => manifests.filter((one) => String(one['kind']) === kind);

describe('the units', () => {
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

  test.skipIf(!hasSystemd)('are what systemd understands, and the server may do almost nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-units-'));
    try {
      for (const unit of units) cpSync(here(unit), join(folder, unit.split('/').at(-1) ?? ''));
      const paths = readdirSync(folder).map((name) => join(folder, name));
      const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
      // Programs that are not installed here are no fault of a unit.
      const faults = verified.stderr.split('\n').filter((line) => line !== '' && !/is not executable/.test(line));
      expect(faults).toEqual([]);
      const server = join(folder, 'breakwater-server.service');
      const security = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', server]);
      expect(security.status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('give the server no way to be root, and no secret in a command line', () => {
    const server = read(units[0] ?? '');
    for (const line of ['NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'ProtectSystem=strict', 'UMask=0077'])
      expect(server.split('\n')).toContain(line);
    expect(server).not.toMatch(/^(?:ExecStart|Environment)=.*(?:postgres:|password|secret)/im);
  });
});

test('Compose keeps the database inside, secrets in files, and the server without privileges, on loopback', () => {
  const compose = readDocument(read('server/compose.yaml')).value as Tree;
  const { server, database } = compose['services'] as unknown as Record<'server' | 'database', Tree>;
  expect(server).toMatchObject({ read_only: true, cap_drop: ['ALL'], user: '65533:65533' });
  expect((server['ports'] as unknown as string[]).every((one) => one.startsWith('127.0.0.1:'))).toBe(true);
  expect(database['ports']).toBeUndefined();
  expect(database['networks']).toEqual(['data']);
  expect(compose['networks']).toMatchObject({ data: { internal: true } });
  expect(JSON.stringify(database['environment'])).toContain('_FILE');
  for (const secret of Object.values(compose['secrets'] as unknown as Record<string, { file: string }>))
    expect(secret.file).toMatch(/^\.\/secrets\//);
});

test('the image is built from a tag that stays, and runs without root', () => {
  const lines = read('server/Containerfile').split('\n');
  const bases = lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
  expect(bases.every((base) => /:\d+\.\d+\.\d+-/.test(base))).toBe(true);
  expect(lines.findLast((line) => line.startsWith('USER '))).toBe('USER 65533:65533');
});

describe('the chart', () => {
  test('runs its pods without privileges, with the database only from a secret', () => {
    expect(ofKind('Deployment')).toHaveLength(2);
    for (const deployment of ofKind('Deployment')) {
      const pod = (deployment as unknown as { spec: { template: { spec: Tree } } }).spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      });
      const [container] = pod['containers'] as unknown as { env: object[]; volumeMounts: { name: string }[] }[];
      expect(container?.env).toContainEqual({
        name: 'DATABASE_URL',
        valueFrom: { secretKeyRef: { name: 'breakwater-database', key: 'url' } },
      });
      const volumes = (pod['volumes'] as unknown as { name: string }[]).map(({ name }) => name);
      expect(container?.volumeMounts.map(({ name }) => name).toSorted()).toEqual(volumes.toSorted());
    }
  });

  test('leads its service to the pods of the API, and names what it mounts', () => {
    const [service] = ofKind('Service') as unknown as { spec: { selector: object } }[];
    const labels = ofKind('Deployment').map(
      (one) =>
        (one as unknown as { spec: { template: { metadata: { labels: object } } } }).spec.template.metadata.labels,
    );
    expect(labels.filter((one) => JSON.stringify(one) === JSON.stringify(service?.spec.selector))).toHaveLength(1);
    const claim = ofKind('PersistentVolumeClaim')[0] as unknown as { metadata: { name: string } };
    expect(JSON.stringify(ofKind('Deployment'))).toContain(`"claimName":"${claim.metadata.name}"`);
  });
});
