import type { Command } from 'commander';
import { writeBackup } from '@breakwater/server/backup';
import { restoreBackup, type Restored } from '@breakwater/server/restore';
import { exit, finish, printJson, printText, startProgress, withExamples, withJson } from '../frame.ts';
import { onThisMachine, readConfig } from '../server.ts';

/** Adds `backup` and `restore`. */
export function defineBackup(program: Command): void {
  const backup = program
    .command('backup')
    .description(
      'Copy the embedded database to one file, while the server works. Keys and the checkpoints kept outside the database are not in it.',
    )
    .requiredOption('--out <file>', 'where to; a new file');
  withExamples(withJson(backup), [
    ['./breakwater backup --out /backup/breakwater-2026-12-01.backup', 'every night, then copied to another site'],
  ]).action(async ({ out, json }: { out: string; json?: true }) => {
    const progress = startProgress();
    const made = await onThisMachine(
      writeBackup(readConfig(), out, (bytes) => progress.update(`copying: ${megabytes(bytes)} MB`)),
    );
    progress.end();
    if (json === true) printJson({ ...made, file: out });
    else
      printText(
        `${out}: ${megabytes(made.bytes)} MB, taken ${made.takenAt}\nTry it out: ./breakwater restore --rehearse ${out}`,
      );
  });

  const restore = program
    .command('restore')
    .description(
      'Put a backup back, and hash its whole log again. Exit 1 when the log ends before what was signed: it then needs a new origin.',
    )
    .argument('<file>', 'what ./breakwater backup wrote')
    .option('--rehearse', 'only try: restore into a folder that is taken away again')
    .option('--replace', 'move the database that is there aside');
  withExamples(withJson(restore), [
    ['./breakwater restore --rehearse last.backup', 'would it come back, and what would be missing?'],
    ['./breakwater restore --replace last.backup', 'with the server stopped'],
  ]).action(async (file: string, options: { rehearse?: true; replace?: true; json?: true }) => {
    const progress = startProgress();
    const started = performance.now();
    const found = await onThisMachine(
      restoreBackup(readConfig(), file, {
        rehearse: options.rehearse === true,
        replace: options.replace === true,
        progress: (bytes) => progress.update(`restoring: ${megabytes(bytes)} MB read`),
      }),
    );
    progress.end();
    const tookMs = Math.round(performance.now() - started);
    const lost = Math.max(0, (found.keptSize ?? 0) - found.log.size);
    if (options.json === true) printJson({ schema: 'breakwater.restored/1', ...found, lost, tookMs });
    else printText(describe(found, { rehearsal: options.rehearse === true, lost, tookMs }));
    finish(found.refusal === null && (options.rehearse === true || lost === 0) ? exit.done : exit.no);
  });
}

function describe(
  found: Restored,
  { rehearsal, lost, tookMs }: { rehearsal: boolean; lost: number; tookMs: number },
): string {
  const { backup, log, replaced, refusal } = found;
  const after =
    lost === 0
      ? 'Nothing that was signed since is missing.'
      : `${lost} entries that were signed after the backup are not in it.`;
  const lines = [
    `${rehearsal ? 'Rehearsed' : 'Restored'}: backup of ${backup.institution}, taken ${backup.takenAt}, in ${(tookMs / 1000).toFixed(1)} s`,
    `The log holds ${log.size} entries; every one was hashed again, and they give the tree of ${log.signedSize} that was signed.`,
    after,
    replaced === null ? null : `The former database is in ${replaced}.`,
    refusal === null
      ? null
      : `The log is not signed as it is: ${refusal.code}. Set evidence.origin to a new name, then: ./breakwater evidence new-origin --old ${log.origin ?? backup.origin} --reason "…" --by …`,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
