/** A private Debian system for tests: its own dpkg and apt below a folder, and a repository of packages built on the spot. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** dpkg works on another root only for root. */
export const debsAreBuilt =
  process.getuid?.() === 0 && ['dpkg-deb', 'apt-get'].every((name) => spawnSync(name, ['--version']).status === 0);

export interface DebOptions {
  readonly depends?: string;
  /** Shell that runs when the package is set up. */
  readonly postinst?: string;
}

export class DebRoot {
  readonly folder = mkdtempSync(join(tmpdir(), 'breakwater-deb-'));
  readonly root = join(this.folder, 'root');
  /** Packages that are in no repository. */
  readonly shelf = join(this.folder, 'shelf');
  readonly keep = join(this.folder, 'kept');
  readonly #repository = join(this.folder, 'repository');
  readonly #paragraphs: string[] = [];

  constructor() {
    for (const path of ['var/lib/dpkg/updates', 'var/lib/dpkg/info', 'var/lib/apt/lists/partial', 'var/log/apt'])
      mkdirSync(join(this.root, path), { recursive: true });
    for (const path of ['var/cache/apt/archives/partial', 'etc/apt/apt.conf.d', 'etc/apt/preferences.d', 'opt', 'tmp'])
      mkdirSync(join(this.root, path), { recursive: true });
    for (const path of ['status', 'available']) writeFileSync(join(this.root, 'var/lib/dpkg', path), '');
    for (const path of [this.#repository, this.shelf]) mkdirSync(path);
    writeFileSync(join(this.root, 'etc/apt/sources.list'), `deb [trusted=yes] file:${this.#repository} ./\n`);
  }

  /** Builds a package that holds its version in `/opt/NAME`, and puts it on the shelf; its path. */
  build(name: string, version: string, { depends, postinst }: DebOptions = {}): string {
    const tree = join(this.folder, 'tree');
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
    mkdirSync(join(tree, 'opt'));
    const control = [
      `Package: ${name}`,
      `Version: ${version}`,
      'Architecture: all',
      'Maintainer: test <test@example.com>',
      ...(depends === undefined ? [] : [`Depends: ${depends}`]),
      'Description: test',
    ];
    writeFileSync(join(tree, 'DEBIAN/control'), `${control.join('\n')}\n`);
    if (postinst !== undefined)
      writeFileSync(join(tree, 'DEBIAN/postinst'), `#!/bin/sh\n${postinst}\n`, { mode: 0o755 });
    writeFileSync(join(tree, 'opt', name), version);
    const file = join(this.shelf, `${name}_${version.replace(':', '%3a')}_all.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, file]);
    rmSync(tree, { recursive: true });
    return file;
  }

  /** Moves packages from the shelf into the repository, and lets apt read it. */
  publish(...files: readonly string[]): void {
    for (const file of files) {
      const to = join(this.#repository, file.slice(file.lastIndexOf('/') + 1));
      execFileSync('mv', [file, to]);
      const fields = execFileSync('dpkg-deb', ['-f', to]).toString().trim();
      const size = execFileSync('stat', ['-c', '%s', to]).toString().trim();
      const sum = execFileSync('sha256sum', [to]).toString().slice(0, 64);
      this.#paragraphs.push(
        `${fields}\nFilename: ./${to.slice(to.lastIndexOf('/') + 1)}\nSize: ${size}\nSHA256: ${sum}\n`,
      );
    }
    writeFileSync(join(this.#repository, 'Packages'), this.#paragraphs.join('\n'));
    const status = `Dir::State::status=${this.root}/var/lib/dpkg/status`;
    execFileSync('apt-get', ['-o', `Dir=${this.root}`, '-o', status, '-qq', 'update'], { stdio: 'pipe' });
  }

  install(...files: readonly string[]): void {
    execFileSync('dpkg', [`--root=${this.root}`, '-i', ...files], { stdio: 'pipe' });
  }

  /** `name version status` of every package, sorted. */
  installed(): string[] {
    const format = '-f=${Package} ${Version} ${db:Status-Abbrev}\\n';
    const said = execFileSync('dpkg-query', [`--admindir=${this.root}/var/lib/dpkg`, '-W', format], { stdio: 'pipe' });
    return said
      .toString()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .toSorted();
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
