/** The SQL of what gateways know by ids of their own, and of their pace. */
import { sql } from 'kysely';
import type { Tx } from '#platform/db';
import type { SendingId } from './sending-store.ts';

/** Whose a message of a gateway is: a recipient's key, in so many parts. */
export type MessageOwner = { id: string; key: string; parts: number };
/** What a gateway reported of one of its messages. */
export type MessageReport = { id: string; state: 'delivered' | 'failed'; code: string; at: string };

/** Each id once, its last one, in the order of ids: in that order rows are locked, so that two who write the same ones only wait. */
function inOrder<T extends { id: string }>(messages: readonly T[]): T[] {
  return [...new Map(messages.map((message) => [message.id, message])).values()].toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  );
}

/** Writes whose messages are; a report that was faster is completed. */
export async function ownMessages(
  tx: Tx,
  { institution, notice, channel }: SendingId,
  gateway: string,
  owners: readonly MessageOwner[],
): Promise<void> {
  if (owners.length === 0) return;
  const unique = inOrder(owners);
  await sql`
    insert into notice_message as m (institution, gateway, id, notice, channel, key, parts)
    select ${institution}, ${gateway}, u.id, ${notice}, ${channel}, u.key, u.parts
    from unnest(${unique.map(({ id }) => id)}::text[], ${unique.map(({ key }) => key)}::text[],
      ${unique.map(({ parts }) => parts)}::smallint[]) as u (id, key, parts)
    on conflict (institution, gateway, id) do update
      set notice = excluded.notice, channel = excluded.channel, key = excluded.key, parts = excluded.parts
      where m.key is null`.execute(tx);
}

/** Writes reports, each id's first one; returns the keys whose they are, and the ids that belong to nobody yet. */
export async function reportMessages(
  tx: Tx,
  institution: string,
  gateway: string,
  reports: readonly MessageReport[],
): Promise<{ keys: string[]; unowned: string[] }> {
  const unique = inOrder(reports.toReversed());
  const { rows } = await sql<{ id: string; key: string | null }>`
    insert into notice_message as m (institution, gateway, id, state, code, reported_at)
    select ${institution}, ${gateway}, u.id, u.state, u.code, u.at
    from unnest(${unique.map(({ id }) => id)}::text[], ${unique.map(({ state }) => state)}::text[],
      ${unique.map(({ code }) => code)}::text[], ${unique.map(({ at }) => at)}::timestamptz[]) as u (id, state, code, at)
    on conflict (institution, gateway, id) do update
      set state = excluded.state, code = excluded.code, reported_at = excluded.reported_at where m.state is null
    returning m.id, m.key`.execute(tx);
  return {
    keys: rows.flatMap(({ key }) => (key === null ? [] : [key])),
    unowned: rows.flatMap(({ id, key }) => (key === null ? [id] : [])),
  };
}

/** Gives messages to recipients whose own answer is missing: those that may be on their way. Returns the keys that got one. */
export async function adoptMessages(
  tx: Tx,
  sending: SendingId,
  gateway: string,
  found: readonly { id: string; key: string }[],
): Promise<string[]> {
  if (found.length === 0) return [];
  const { institution, notice, channel } = sending;
  const { rows } = await sql<{ key: string }>`
    with u as materialized (
      select m.place, given.key from unnest(${found.map(({ id }) => id)}::text[], ${found.map(({ key }) => key)}::text[])
        as given (id, key)
      cross join lateral (select m.ctid as place from notice_message m
        where m.institution = ${institution} and m.gateway = ${gateway} and m.id = given.id and m.key is null offset 0) m
      cross join lateral (select r.state from notice_recipient r
        where r.institution = ${institution} and r.notice = ${notice} and r.channel = ${channel} and r.key = given.key
        offset 0) r
      where r.state = 'submitting' or (r.state = 'submitted' and not exists (select from notice_message o
        where o.institution = ${institution} and o.key = given.key and o.gateway = ${gateway})))
    update notice_message m set notice = ${notice}, channel = ${channel}, key = u.key, parts = 1
    from u where m.ctid = u.place
    returning m.key`.execute(tx);
  return rows.map(({ key }) => key);
}

type ToldRecipient = { place: string; arrived: boolean; code: string | null; at: Date };

/**
 * Moves recipients whose messages are all reported. Messages and recipients are looked up key by key (`offset 0` keeps it so): a database
 * without statistics of the new rows would read all of them instead. One that arrived in the end stays delivered, also when another of two
 * submissions failed. Returns the sendings that changed.
 */
export async function settleByMessages(tx: Tx, institution: string, keys: readonly string[]): Promise<SendingId[]> {
  if (keys.length === 0) return [];
  const { rows: told } = await sql<ToldRecipient>`
    with told as (
      select m.notice, m.channel, u.key, max(m.code) as code, max(m.reported_at) as at,
        count(*) filter (where m.state = 'delivered') >= max(m.parts) as arrived,
        count(*) filter (where m.state = 'failed') > 0 as failed
      from unnest(${keys.toSorted()}::text[]) as u (key)
      cross join lateral (select notice, channel, parts, state, code, reported_at from notice_message m
        where m.institution = ${institution} and m.key = u.key offset 0) m
      group by u.key, m.notice, m.channel order by u.key)
    select r.place, told.arrived, told.code, told.at from told
    cross join lateral (select r.ctid::text as place from notice_recipient r
      where r.institution = ${institution} and r.notice = told.notice and r.channel = told.channel and r.key = told.key
        and ((told.arrived and r.state in ('submitting', 'submitted', 'failed'))
          or (told.failed and r.state in ('submitting', 'submitted'))) offset 0 for update) r`.execute(tx);
  if (told.length === 0) return [];
  const { rows } = await sql<SendingId>`
    with changed as (
      update notice_recipient r set state = case when told.arrived then 'delivered' else 'failed' end,
        code = told.code, settled_at = told.at, submitted_at = coalesce(r.submitted_at, r.taken_at),
        accepted_at = coalesce(r.accepted_at, r.submitted_at, r.taken_at)
      from unnest(${told.map(({ place }) => place)}::tid[], ${told.map(({ arrived }) => arrived)}::boolean[],
        ${told.map(({ code }) => code)}::text[], ${told.map(({ at }) => at)}::timestamptz[])
        as told (place, arrived, code, at)
      where r.ctid = told.place
      returning r.institution, r.notice, r.channel, r.batch),
    batches as (select distinct institution, notice, channel, batch from changed),
    again as (
      update notice_batch b set changed = true from batches c
      where (b.institution, b.notice, b.channel, b.batch) = (c.institution, c.notice, c.channel, c.batch)
        and b.seals > 0 and not b.changed)
    select distinct institution, notice, channel from batches`.execute(tx);
  return rows;
}

/** Takes the next place for `count` messages in a gateway's contracted rate, all workers together; returns the wait until it, ms. */
export async function takePlace(
  tx: Tx,
  institution: string,
  gateway: string,
  { count, perSecond }: { count: number; perSecond: number },
): Promise<number> {
  const { rows } = await sql<{ wait: number }>`
    insert into notice_gateway_pace as p (institution, gateway, next_at)
    values (${institution}, ${gateway}, clock_timestamp() + ${count / perSecond} * interval '1 second')
    on conflict (institution, gateway) do update
      set next_at = greatest(p.next_at, clock_timestamp()) + ${count / perSecond} * interval '1 second'
    returning extract(epoch from next_at - clock_timestamp())::float8 * 1000 as wait`.execute(tx);
  return Math.max(0, (rows[0]?.wait ?? 0) - (count / perSecond) * 1000);
}
