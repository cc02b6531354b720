/** What an agent of others may do when it asks: our probes inside the scope, once each. Whatever is not answered is denied. */
import type { PermissionOption, RequestPermissionOutcome, ToolCallUpdate } from '@agentclientprotocol/sdk';
import type { Scope } from '@breakwater/rules/containment';
import { plainText } from '../plain.ts';
import { approve, safeProbes } from '../probes/index.ts';

export interface Permission {
  readonly outcome: RequestPermissionOutcome;
  readonly allowed: boolean;
  /** In words, for the log. */
  readonly reason: string;
}

/** Names under which agents show a tool of our server. */
const prefix = /^(?:mcp__breakwater__|breakwater(?:__|[.:/ ]))/;

/** Answers one request for permission. An agent that asks for anything but one of our probes is denied. */
export function permissionFor(
  { name, title, rawInput }: Pick<ToolCallUpdate, 'name' | 'title' | 'rawInput'>,
  options: readonly PermissionOption[],
  scope: Scope,
): Permission {
  const asked = (name ?? title ?? '').replace(prefix, '');
  const probe = safeProbes.find((one) => one.name === asked || one.name === asked.replaceAll('_', '-'));
  const answer =
    probe === undefined
      ? { allowed: false as const, reason: `${plainText(asked, 80) || 'something without a name'} is no probe of ours` }
      : approve(probe, rawInput, scope);
  if (!answer.allowed) return { outcome: select(options, 'reject_once', 'reject_always'), ...answer };
  const once = options.find(({ kind }) => kind === 'allow_once');
  // A permission for ever is never given: each probe is asked about.
  return once === undefined
    ? { outcome: select(options, 'reject_once'), allowed: false, reason: 'it cannot be allowed just once' }
    : { outcome: { outcome: 'selected', optionId: once.optionId }, allowed: true, reason: asked };
}

function select(
  options: readonly PermissionOption[],
  ...kinds: readonly PermissionOption['kind'][]
): RequestPermissionOutcome {
  const option = kinds.map((wanted) => options.find(({ kind }) => kind === wanted)).find((one) => one !== undefined);
  return option === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: option.optionId };
}
