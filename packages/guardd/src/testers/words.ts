/** The words of a program, as a plan writes them, made from the signed scope: nothing else fills a placeholder. */
import { BreakwaterError } from '@breakwater/rules/error';
import { portsOf, type Scope } from '@breakwater/rules/containment';
import { cagePlaces, type TesterContext } from './tester.ts';

const placeholder = /\{([a-z][a-z-]*)\}/g;

/** Words that a placeholder stands for. One word keeps what is written around it; several need a word of their own. */
type Meanings = Readonly<Record<string, readonly string[]>>;

/**
 * The argument list of a plan with its placeholders filled:
 *
 * - `{target}`: each target of the scope as a word of its own, an address without `/32` or `/128`;
 * - `{targets-file}`: a file with one target a line;
 * - `{ports}`: TCP and UDP ports of all targets as nmap writes them, `T:443,8080-8090,U:53`, without `T:` when there is no UDP;
 * - `{out}`: the one folder that the program may write into.
 *
 * `more` adds meanings of one kind of tester. Braces around anything but a small word are left alone.
 *
 * Throws BreakwaterError `tester.unknown-placeholder`, `tester.several-targets` or `tester.no-ports` with the path of the word.
 */
export function wordsOf(run: readonly string[], context: TesterContext, more: Meanings = {}): string[] {
  const { given, out } = context.inside ?? cagePlaces;
  const meanings: Meanings = {
    target: targetsOf(context.scope),
    'targets-file': [`${given}/targets`],
    ports: [portListOf(context.scope)],
    out: [out],
    ...more,
  };
  return run.flatMap((word, i) => filled(word, meanings, `/tester/run/${i}`));
}

function filled(word: string, meanings: Meanings, path: string): readonly string[] {
  const meaning = (name: string): readonly string[] => {
    const words = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
    if (words === undefined) {
      const known = Object.keys(meanings).map((one) => `{${one}}`);
      throw new BreakwaterError(
        'tester.unknown-placeholder',
        `{${name}} stands for nothing in a signed scope: use ${known.join(', ')}`,
        path,
      );
    }
    if (words.length === 1 && words[0] === '')
      throw new BreakwaterError('tester.no-ports', 'the scope has no TCP or UDP port: leave {ports} out', path);
    return words;
  };
  const alone = /^\{([a-z][a-z-]*)\}$/.exec(word)?.[1];
  if (alone !== undefined) return meaning(alone);
  return [
    word.replaceAll(placeholder, (_, name: string) => {
      const words = meaning(name);
      if (words.length > 1)
        throw new BreakwaterError(
          'tester.several-targets',
          `the scope has ${words.length} targets: write {${name}} as a word of its own, or use {targets-file}`,
          path,
        );
      return words[0] ?? '';
    }),
  ];
}

/** Targets as tools write them. */
export function targetsOf({ targets }: Scope): string[] {
  return [...new Set(targets.map(({ cidr }) => cidr.replace(/^([^:]*)\/32$|^(.*:.*)\/128$/, '$1$2')))];
}

/** Ports of all targets together; what a target does not allow is held by the gate. */
function portListOf({ targets }: Scope): string {
  const ranges = [...new Set(targets.flatMap(({ ports }) => ports))].map(portsOf);
  const of = (protocol: 'tcp' | 'udp'): string =>
    ranges
      .filter((range) => range.protocol === protocol)
      .map(({ low, high }) => (low === high ? String(low) : `${low}-${high}`))
      .join(',');
  const [tcp, udp] = [of('tcp'), of('udp')];
  if (udp === '') return tcp;
  return tcp === '' ? `U:${udp}` : `T:${tcp},U:${udp}`;
}
