/** Short calls of the system's network tools. No shell reads their words. */
import { execFile } from 'node:child_process';

/** A tool of the system said no; the message names it and its complaint. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

const patienceMs = 10_000;
const mostOutput = 256 * 1024 * 1024;
/** Times in rules are read and written in UTC. */
const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`, LC_ALL: 'C', TZ: 'UTC' };

/** Runs a program to its end, or until it is given up, with `input` on its standard input. Throws {@link CommandFailed}. */
export function command(
  argv: readonly string[],
  input = '',
  withinMs = patienceMs,
  givenUp?: AbortSignal,
): Promise<string> {
  const [file = '', ...words] = argv;
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      words,
      {
        env,
        timeout: withinMs,
        killSignal: 'SIGKILL',
        maxBuffer: mostOutput,
        ...(givenUp === undefined ? {} : { signal: givenUp }),
      },
      (error, out, complaint) => {
        if (error === null) resolve(out);
        else
          reject(
            new CommandFailed(`${argv.slice(0, 4).join(' ')}: ${complaint.trim().slice(0, 500) || error.message}`),
          );
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** The same, with null in place of a failure. */
export function attempt(argv: readonly string[], input = ''): Promise<string | null> {
  return command(argv, input).catch(() => null);
}

/** The environment of the network tools that live as long as a cage. */
export const toolEnvironment: NodeJS.ProcessEnv = env;
