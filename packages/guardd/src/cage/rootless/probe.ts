/** Whether level rootless can be held here, found by trying each of its parts. */
import { accessSync, constants } from 'node:fs';
import { CommandFailed, attempt, command } from '../command.ts';
import { ownNamespaces, pastaComplaint, pastaWords, wayOut } from './enter.ts';

const tunnel = '/dev/net/tun';

/** Null when it can be held; otherwise what is missing and what mends it. */
export async function whyNotRootless(): Promise<string | null> {
  if (process.getuid?.() === 0) return 'is for users other than root, who has level kernel';
  if ((await attempt(['pasta', '--version'])) === null)
    return 'not installed: pasta (package passt), which carries packets out without root';
  if (!canOpenTunnel())
    return `this user cannot open ${tunnel}, which pasta needs (as root: chmod 0666 ${tunnel}, and for good a udev rule KERNEL=="tun", MODE="0666")`;
  if ((await attempt([...ownNamespaces, 'nft', 'list', 'ruleset'])) === null)
    return 'the kernel gives users no namespaces with nftables here (unshare --user --net)';
  const out = wayOut();
  if (out === null) return 'this machine has no interface with an IPv4 address for pasta';
  const complaint = await command([...pastaWords(out), '--', '/bin/true']).then(
    () => null,
    (error: unknown) => (error instanceof CommandFailed ? error.message : String(error)),
  );
  return complaint === null ? null : `pasta: ${pastaComplaint(complaint)}`;
}

function canOpenTunnel(): boolean {
  try {
    accessSync(tunnel, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
