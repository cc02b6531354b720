/**
 * The sentinel: the tiny process that replaces a silent supervisor. It is a shell script so that it stays small and has no
 * event loop that could hang; it reads one line each 100 ms from its supervisor and kills it after 500 ms without.
 *
 * It either starts the supervisor itself, or is started by one whose sentinel is gone (`adopt`), and then reads from its
 * standard input. A supervisor that ends its run says `bye`.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { RunLayout } from './layout.ts';

/** Silence after which a supervisor is replaced, s. */
const silenceSeconds = '0.5';
/** How long a supervisor may take until its first sign of life, s. */
const startSeconds = '10';
/** Exit code of a supervisor that found another one at work. */
export const alreadySupervised = 75;
/** The supervisor beats this often, ms. */
export const beatMs = 100;
/** Last word of a supervisor whose run is over. */
export const byeWord = 'bye';

/**
 * Arguments: pid file, groups file, cgroup folder or "", silence, time to start, the code of a second supervisor, pid of
 * the supervisor to adopt or 0, why it is started, and the command that starts one.
 */
const script = `
echo "$$" >"$1"
groups=$2 cgroup=$3 silence=$4 start=$5 second=$6 pid=$7 because=$8
shift 8
quick=0
[ "$pid" -eq 0 ] || exec 3<&0
while :; do
  began=$SECONDS wait=$silence
  if [ "$pid" -eq 0 ]; then
    exec 3< <(exec "$@" "$because" "$$")
    pid=$! wait=$start
  fi
  while read -r -t "$wait" -u 3 beat; do
    [ "$beat" = ${byeWord} ] && exit 0
    wait=$silence
  done
  kill -9 "$pid" 2>/dev/null
  if [ -n "$cgroup" ]; then
    [ -w "$cgroup/cgroup.kill" ] && echo 1 >"$cgroup/cgroup.kill"
  elif [ -r "$groups" ]; then
    while read -r group; do kill -9 -- "-$group" 2>/dev/null; done <"$groups"
  fi
  exec 3<&-
  wait "$pid" 2>/dev/null
  [ $? -eq "$second" ] && exit 0
  pid=0 because=replaced
  if [ $((SECONDS - began)) -lt 2 ]; then
    quick=$((quick + 1))
    [ "$quick" -ge 20 ] && exit 1
    [ "$quick" -ge 3 ] && sleep 1
  else
    quick=0
  fi
done
`;

export interface SentinelOptions {
  readonly run: RunLayout;
  /** Group of version 2 that holds everything the run started; null without cgroups. */
  readonly cgroup: string | null;
  /** Command that starts a supervisor of the run. */
  readonly command: readonly string[];
  readonly because: 'prepared' | 'replaced' | 'boot';
  /** Pid of a living supervisor that needs a sentinel; it gets the pipe to beat on. */
  readonly adopt?: number;
}

/** A sentinel that was just started. `beats` is the pipe to write to, for a supervisor that is adopted. */
export interface StartedSentinel {
  readonly pid: number;
  readonly beats: NodeJS.WritableStream | null;
}

/** Starts a sentinel in a session of its own, so that it outlives who started it. Throws when there is no bash. */
export function startSentinel({ run, cgroup, command, because, adopt }: SentinelOptions): StartedSentinel {
  const log = openSync(run.log, 'a', 0o600);
  const child = spawn(
    'bash',
    [
      '-c',
      script,
      'breakwater-sentinel',
      run.sentinelPid,
      run.groups,
      cgroup ?? '',
      silenceSeconds,
      startSeconds,
      String(alreadySupervised),
      String(adopt ?? 0),
      because,
      ...command,
    ],
    { cwd: run.folder, detached: true, stdio: [adopt === undefined ? 'ignore' : 'pipe', 'ignore', log] },
  );
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  if (child.pid === undefined) throw new Error('bash cannot be started: the sentinel needs it');
  return { pid: child.pid, beats: child.stdin };
}

/** Whether a process lives, and whether it is stopped (which for a sentinel is as bad as gone). */
export function processState(pid: number): 'alive' | 'stopped' | 'gone' {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    return state === 'T' || state === 't' ? 'stopped' : state === 'Z' || state === 'X' ? 'gone' : 'alive';
  } catch {
    return 'gone';
  }
}
