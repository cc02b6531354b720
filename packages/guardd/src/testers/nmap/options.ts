/** Which nmap a plan may ask for: an allow-list, and what we add so that a cap loses no probe and no name is asked for. */
import { BreakwaterError } from '@breakwater/rules/error';
import { portsOf, type Scope } from '@breakwater/rules/containment';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { TesterContext } from '../tester.ts';
import { targetsOf, wordsOf } from '../words.ts';

/** Of the caps: what stays free for retransmissions and for the guard's own probes. */
const shareOfCap = 0.8;
/** Hosts tell their ports when their group is complete: a small group tells them soon, and loses little when it is stopped. */
const hostGroup = 4;

/** Flags without a value, as regular expressions over the whole word. */
const flags: readonly RegExp[] = [
  /^-s(?:[TSUVn]|C)$/,
  /^-P(?:n|E|[SAU](?:\d{1,5}(?:,\d{1,5})*)?)$/,
  /^-T[0-4]$/,
  /^-[46Fr]$/,
  /^-(?:v|vv|d)$/,
  /^--(?:reason|open|version-light|version-all|noninteractive|unprivileged|privileged)$/,
];

/** Options with a value, given as `--name value` or `--name=value`, and what the value may be. */
const valued: Readonly<Record<string, RegExp>> = {
  '-p': /^(?:[TU]:)?\d{1,5}(?:-\d{1,5})?(?:,(?:[TU]:)?\d{1,5}(?:-\d{1,5})?)*$/,
  '--top-ports': /^\d{1,5}$/,
  '--version-intensity': /^[0-9]$/,
  '--max-retries': /^(?:[0-9]|10)$/,
  '--host-timeout': /^\d{1,6}(?:ms|s|m|h)?$/,
  '--scan-delay': /^\d{1,6}(?:ms|s|m|h)?$/,
  '--max-scan-delay': /^\d{1,6}(?:ms|s|m|h)?$/,
  '--max-rtt-timeout': /^\d{1,6}(?:ms|s|m|h)?$/,
  '--initial-rtt-timeout': /^\d{1,6}(?:ms|s|m|h)?$/,
  '--exclude-ports': /^\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*$/,
  '--script':
    /^(?:safe|version|banner|http-title|http-headers|http-server-header|ssl-cert|ssh-hostkey|ssl-enum-ciphers)(?:,(?:safe|version|banner|http-title|http-headers|http-server-header|ssl-cert|ssh-hostkey|ssl-enum-ciphers))*$/,
};

/** What people try, and why it is not taken; everything else is refused with the allow-list alone. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/^-i[LR]$/, 'targets come from the scope alone: use {target}, or -iL {targets-file}'],
  [/^--(?:resume|append-output)/, 'a scan is never continued from a file of another run'],
  [/^-o[NGXSAM]/, 'the results are read live from standard output'],
  [/^--(?:data|data-string|data-length)/, 'probes carry no payload'],
  [
    /^-(?:S|D|e|g|f)$|^--(?:spoof-mac|source-port|ip-options|mtu|ttl|badsum|adler32|send-eth|send-ip)/,
    'packets are never forged',
  ],
  [/^-sI$|^-b$|^--proxies/, 'nobody else scans for us'],
  [
    /^--(?:min-rate|max-rate|max-hostgroup|min-hostgroup|min-parallelism|max-parallelism|defeat-)/,
    'the pace is derived from the caps of the scope',
  ],
  [/^-T5$/, 'the pace is derived from the caps of the scope'],
  [
    /^-(?:n|R)$|^--(?:dns-servers|system-dns|resolve-all)/,
    'no name is ever looked up: names were pinned when the scope was signed',
  ],
  [
    /^--script/,
    'scripts may be safe, version, banner, http-title, http-headers, http-server-header, ssl-cert, ssl-enum-ciphers or ssh-hostkey',
  ],
  [/^-(?:O|A)$/, 'guessing the operating system sends malformed packets'],
  [/^--(?:datadir|servicedb|versiondb|stylesheet|webxml|excludefile)/, 'no file of another place is read'],
];

/** Words of nmap for a scope. Throws BreakwaterError `tester.nmap-*` with the path of the word that is not taken. */
export function nmapWords(context: TesterContext): string[] {
  const { scope, tester } = context;
  const { run = [] } = tester;
  if (run[0] !== 'nmap') throw refused('program', 'begin with "nmap": the one of the execution host is run', 0);
  const asked: string[] = [];
  let targets = 0;
  let ports = false;
  const isInside = insideOf(scope);
  for (let i = 1; i < run.length; i++) {
    const word = run[i] ?? '';
    const [name, attached] = word.startsWith('--') ? splitOnce(word) : shortOf(word);
    const pattern = Object.hasOwn(valued, name) ? valued[name] : undefined;
    if (pattern !== undefined) {
      const at = attached === undefined ? ++i : i;
      const value = wordsOf([attached ?? run[at] ?? ''], context)[0] ?? '';
      if (!pattern.test(value)) throw refused('option', hintOf(name) ?? `${name} does not take this value`, at);
      ports ||= name === '-p' || name === '--top-ports';
      asked.push(name, value);
    } else if (word === '-iL' && run[i + 1] === '{targets-file}') {
      asked.push(word, ...wordsOf(['{targets-file}'], context));
      targets++;
      i++;
    } else if (!word.startsWith('-')) {
      for (const target of placed(() => wordsOf([word], context), i)) {
        if (!isInside(target)) throw refused('target', 'this target is not inside the scope: use {target}', i);
        asked.push(target);
        targets++;
      }
    } else if (flags.some((flag) => flag.test(word))) {
      ports ||= word === '-F' || word === '-sn';
      asked.push(word);
    } else {
      throw refused('option', hintOf(word) ?? 'this option is not among those that a test may use', i);
    }
  }
  const scanned = ports ? [] : portsFor(scope, asked);
  const all = targets === 0 ? targetsOf(scope) : [];
  const version = all.some((target) => target.includes(':')) && !asked.includes('-6') ? ['-6'] : [];
  return [
    'nmap',
    ...asked,
    ...scanned,
    ...version,
    ...paceOf(scope),
    '-n',
    '--reason',
    '--stats-every',
    '2s',
    '-oX',
    '-',
    ...all,
  ];
}

/** Packets and open probes that the caps leave room for, with a share to spare. */
export function paceOf({ caps }: Scope): string[] {
  const perSecond = Math.min(
    caps.newConnectionsPerSecond,
    caps.newConnectionsPerSecondPerDestination ?? Number.POSITIVE_INFINITY,
    caps.packetsPerSecond,
  );
  const rate = Math.max(0.1, Math.floor(perSecond * shareOfCap * 10) / 10);
  const open = Math.max(1, Math.floor(Math.min(caps.concurrent * shareOfCap, 300)));
  return ['--max-rate', String(rate), '--max-parallelism', String(open), '--max-hostgroup', String(hostGroup)];
}

/** Ports of the scope when the plan names none; a scan of UDP alone takes the UDP ones. */
function portsFor(scope: Scope, asked: readonly string[]): string[] {
  const udp = asked.includes('-sU');
  const tcp = !udp || asked.some((word) => word === '-sS' || word === '-sT');
  const ranges = [...new Set(scope.targets.flatMap(({ ports }) => ports))].map(portsOf);
  const list = (protocol: 'tcp' | 'udp', letter: string): string[] => {
    const words = ranges
      .filter((range) => range.protocol === protocol)
      .map(({ low, high }) => (low === high ? String(low) : `${low}-${high}`));
    return words.length === 0 ? [] : [`${letter}:${words.join(',')}`];
  };
  const words = [...(tcp ? list('tcp', 'T') : []), ...(udp ? list('udp', 'U') : [])];
  return words.length === 0 ? [] : ['-p', words.join(',')];
}

/** `-p80` and `-p 80`. */
function shortOf(word: string): [name: string, attached?: string] {
  return word.startsWith('-p') && word.length > 2 ? ['-p', word.slice(2)] : [word];
}

function splitOnce(word: string): [name: string, value?: string] {
  const at = word.indexOf('=');
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

/** A target that is written out must be an address or a network inside one target of the scope. */
function insideOf(scope: Scope): (text: string) => boolean {
  const known = new Set(targetsOf(scope));
  const lists = scope.targets.map(({ cidr }) => {
    const [address = '', prefix = '0'] = cidr.split('/');
    const list = new BlockList();
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6');
    return { list, prefix: Number(prefix) };
  });
  return (text) => {
    if (known.has(text)) return true;
    const [address = '', prefix] = text.split('/');
    const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null;
    if (family === null || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return false;
    const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix);
    return lists.some((target) => bits >= target.prefix && target.list.check(address, family));
  };
}

function hintOf(word: string): string | undefined {
  return refusals.find(([pattern]) => pattern.test(word))?.[1];
}

function refused(what: 'program' | 'option' | 'target', message: string, i: number): BreakwaterError {
  return new BreakwaterError(`tester.nmap-${what}`, message, `/tester/run/${i}`);
}

/** Errors of a single word with the place of that word in the plan. */
function placed<T>(read: () => T, i: number): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BreakwaterError ? new BreakwaterError(error.code, error.message, `/tester/run/${i}`) : error;
  }
}
