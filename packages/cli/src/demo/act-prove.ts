/** Act 6: the assessment, the dossier, and its verification with nothing but files. */
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Assessment } from '@breakwater/rules/criteria';
import { readContainer, verifyDossier } from '@breakwater/verify';
import { repository } from '../server.ts';
import { answered, type Run } from './ask.ts';
import type { People } from './people.ts';
import type { Teller, Words } from './tell.ts';
import { institution, type World } from './world.ts';

/** Paths of what was written. */
type Files = { readonly dossier: string; readonly pdf: string; readonly policy: string; readonly keys: string };

export type Proof = Files & { readonly assessment: Assessment; readonly verified: boolean };

/** Has the run assessed and its dossier sealed, writes the files, and verifies them as an outsider would. */
export async function prove(world: World, people: People, played: Run, name: string, teller: Teller): Promise<Proof> {
  const { client } = world;
  const { run, disruptions } = played;
  const params = { path: { run } };
  for (const { id: disruption } of disruptions) {
    await answered(
      client.POST('/runs/{run}/causes', {
        params,
        body: { disruption, cause: 'work', evidence: [], by: people.ciso.id },
      }),
    );
  }
  await answered(
    client.POST('/runs/{run}/declarations', {
      params,
      body: {
        subject: institution,
        intent: false,
        grossNegligence: null,
        privateInterest: false,
        proceduralDefect: false,
        consumerLossSerious: false,
        consumerDamage: await hasClaims(world, run),
        by: people.ciso.id,
      },
    }),
  );
  const { dossier, assessment } = await answered(
    client.POST('/runs/{run}/dossiers', { params, body: { pack: null, asOf: null } }),
  );
  const { policy, keys } = await answered(client.GET('/runs/{run}/trust', { params }));
  const zip = await bytesOf(world, dossier.manifest);
  const files = write(name, zip, policy, `${JSON.stringify(keys, null, 2)}\n`);
  tellAssessment(assessment, teller);
  const { result, checks } = await verifyDossier(zip, { policy, keys });
  const passed = checks.filter((check) => check.result === 'passed').length;
  teller.say({
    ko: `오프라인 검증: ${result === 'passed' ? '통과' : '실패'} (${passed}/${checks.length})`,
    en: `verified offline: ${result} (${passed} of ${checks.length} checks)`,
  });
  for (const { id, subject, detail } of checks.filter((check) => check.result !== 'passed')) {
    teller.say({ ko: `  ${id} ${subject}: ${detail}`, en: `  ${id} ${subject}: ${detail}` });
  }
  tellFiles(files, teller);
  return { assessment, verified: result === 'passed', ...files };
}

/** Where all is, and the command that checks it again: to be copied as it stands, so its lines are never folded. */
function tellFiles({ dossier, pdf, policy, keys }: Files, teller: Teller): void {
  const told = (text: string): void => teller.more({ ko: text, en: text });
  teller.say({ ko: '소명자료와 보고서:', en: 'the dossier and its report:' });
  told(`  ${shellWord(dossier)}`);
  told(`  ${shellWord(pdf)}`);
  teller.say({ ko: '다시 검증하려면:', en: 'to check it again:' });
  told(`  ${shellWord(join(repository, 'breakwater'))} verify \\`);
  told(`    ${shellWord(dossier)} \\`);
  told(`    --policy ${shellWord(policy)} \\`);
  told(`    --keys ${shellWord(keys)}`);
}

/** A path as a shell takes it: from the current folder where it lies in it, quoted where it must be. */
function shellWord(path: string): string {
  const near = relative(process.cwd(), path);
  const word = near.startsWith('..') ? path : near.includes('/') ? near : `./${near}`;
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function hasClaims({ client }: World, run: string): Promise<boolean> {
  const { figures } = await answered(client.GET('/relief/runs/{run}', { params: { path: { run } } }));
  return figures.count > 0;
}

async function bytesOf({ client }: World, manifest: string): Promise<Uint8Array> {
  const { data } = await client.GET('/dossiers/{manifest}', { params: { path: { manifest } }, parseAs: 'arrayBuffer' });
  if (data === undefined) throw new Error('the server gave no dossier');
  return new Uint8Array(data);
}

/**
 * Where a demo that began at `began` (ms since 1970) puts its files: they take the place of those of an earlier demo of the
 * scenario, never of one that went on beside it, whose dossier, policy and keys belong together.
 */
export function folderFor(above: string, name: string, began: number): string {
  for (let n = 1; ; n += 1) {
    const folder = join(above, n === 1 ? name : `${name}-${n}`);
    const written = statSync(join(folder, 'dossier.zip'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (written < began) return folder;
  }
}

/** Writes the dossier, its report and what it is verified with. Each file is whole at any moment. */
function write(name: string, zip: Uint8Array, policy: string, keys: string): Files {
  const folder = folderFor(join(repository, '.breakwater', 'demo'), name, performance.timeOrigin);
  mkdirSync(folder, { recursive: true });
  const put = (file: string, content: Uint8Array | string): string => {
    const path = join(folder, file);
    const building = `${path}.${process.pid}`;
    writeFileSync(building, content);
    renameSync(building, path);
    return path;
  };
  const report = readContainer(zip).find((member) => member.path === 'dossier.pdf');
  if (report === undefined) throw new Error('the dossier has no report');
  return {
    dossier: put('dossier.zip', zip),
    pdf: put('dossier.pdf', report.bytes),
    policy: put('policy.txt', policy),
    keys: put('keys.json', keys),
  };
}

const statusWords: Readonly<Record<Assessment['findings'][number]['status'], Words>> = {
  met: { ko: '충족', en: 'met' },
  'not-met': { ko: '미충족', en: 'not met' },
  undetermined: { ko: '미확인', en: 'undetermined' },
  'for-committee': { ko: '심의 필요', en: 'for the committee' },
  'not-applicable': { ko: '해당 없음', en: 'not applicable' },
};

function tellAssessment({ findings, pack }: Assessment, teller: Teller): void {
  teller.say({ ko: `평가 기준 ${pack.id}: ${pack.basis}`, en: `assessed under ${pack.id}: ${pack.basis}` });
  for (const { criterion, status, reason } of findings) {
    const word = statusWords[status];
    teller.more({ ko: `${criterion.padEnd(28)} ${word.ko}`, en: `${criterion.padEnd(28)} ${word.en}` });
    teller.more({ ko: `  ${reason.ko}`, en: `  ${reason.en}` });
  }
  teller.say({
    ko: '면책 여부는 위원회가 판단합니다. 이 표는 어느 기준이 충족·미충족·미확인인지만 말합니다.',
    en: 'Whether relief is granted is for the committee. This table says only which criterion is met, contradicted or open.',
  });
}
