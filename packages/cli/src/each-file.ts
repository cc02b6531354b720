import { exit, finish, printJson, printText, startProgress } from './frame.ts';

/** A file that was not imported, and why. */
type Refused = { file: string; error: { code: string; message: string; path: string } };

/**
 * Imports files one after the other with progress; one that is refused does not stop the others. Prints how it went, as a
 * document of `schema` with `json`, and ends with exit 2 when any was refused. What is no refusal is thrown.
 */
export async function importEach<T extends { file: string }>(
  files: readonly string[],
  { schema, json }: { schema: string; json: boolean },
  take: (file: string) => Promise<T>,
): Promise<void> {
  const progress = startProgress();
  const imports: (T | Refused)[] = [];
  let failed = 0;
  for (const [i, file] of files.entries()) {
    progress.update(`${i + 1}/${files.length} ${file}`);
    try {
      imports.push(await take(file));
    } catch (error) {
      const { code, message, path = '' } = error as { code?: string; message: string; path?: string };
      if (code === undefined) throw error;
      progress.note(`${file}: ${code} ${message}`);
      imports.push({ file, error: { code, message, path } });
      failed += 1;
    }
  }
  progress.end();
  const done = imports.length - failed;
  if (json) printJson({ schema, imports });
  else printText(`${done}건 반영, ${failed}건 실패 · ${done} imported, ${failed} failed`);
  if (failed > 0) finish(exit.badInput);
}
