// Steps of the main road that many tests walk: find a room, ask for it, decide.
import { randomUUID } from 'node:crypto';
import type { Answer, Client, Json } from './client.ts';
import type { Stack } from './stack.ts';

export interface Single {
  kind: 'single';
  date: string;
  start_time: string;
  end_time: string;
}

export interface Weekly {
  kind: 'weekly';
  weekdays: string[];
  from: string;
  until: string;
  start_time: string;
  end_time: string;
  school_holidays: 'skip' | 'keep';
  public_holidays: 'skip' | 'keep';
}

export type When = Single | Weekly;

export function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The first day with ISO weekday `weekday` (1 = Monday) at least `days` after `from`. */
export function dayAfter(from: Date, days: number, weekday: number): string {
  const date = new Date(from.getTime() + days * 86_400_000);
  while ((date.getUTCDay() || 7) !== weekday) date.setUTCDate(date.getUTCDate() + 1);
  return isoDate(date);
}

export function evening(date: string, start = '18:00', end = '20:00'): Single {
  return { kind: 'single', date, start_time: start, end_time: end };
}

export function searchQuery(when: When, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({ start_time: when.start_time, end_time: when.end_time, ...more });
  if (when.kind === 'single') {
    query.set('date', when.date);
  } else {
    query.set('weekdays', when.weekdays.join(','));
    query.set('from', when.from);
    query.set('until', when.until);
    query.set('school_holidays', when.school_holidays);
    query.set('public_holidays', when.public_holidays);
  }
  return `/api/search/v1/search?${query}`;
}

export interface Hirer {
  client: Client;
  organisation: string;
}

/** Signs in a demonstration account and reads its first organisation. */
export async function hirer(stack: Stack, role = 'association_free'): Promise<Hirer> {
  const client = await stack.client(role);
  const me = await client.get('/api/accounts/v1/me');
  return { client, organisation: me.body.memberships[0].organisation.id as string };
}

/** `n` clients that each act for an association of their own. */
export async function hirers(stack: Stack, n: number): Promise<Hirer[]> {
  const presidents = stack.accounts().filter((a) => a.role.startsWith('association'));
  if (presidents.length < n) throw new Error(`only ${presidents.length} associations can sign in`);
  // One after the other: passwords are checked two at a time, and a burst of them is refused.
  const out: Hirer[] = [];
  for (const { email, password } of presidents.slice(0, n)) {
    const client = await stack.client();
    await client.signIn(email, password);
    const me = await client.get('/api/accounts/v1/me');
    out.push({ client, organisation: me.body.memberships[0].organisation.id as string });
  }
  return out;
}

export interface Ask {
  offer: string;
  when: When;
  headcount?: number;
  purpose?: string;
  onConflict?: 'fail' | 'skip';
  key?: string;
}

let termsOf: { base: string; version: string } | null = null;

/** Sends a request in; the terms' version is read once for each stack. */
export async function ask(by: Hirer, what: Ask): Promise<Answer> {
  if (termsOf?.base !== by.client.base) {
    const quote = await by.client.post('/api/booking/v1/quotes', {
      organisation_id: by.organisation, offer_id: what.offer, when: what.when,
    });
    if (quote.status >= 300) return quote;
    termsOf = { base: by.client.base, version: quote.body.terms.version as string };
  }
  return by.client.post('/api/booking/v1/bookings', {
    organisation_id: by.organisation,
    offer_id: what.offer,
    when: what.when,
    purpose: what.purpose ?? `Répétition ${randomUUID().slice(0, 8)}`,
    headcount: what.headcount ?? 10,
    terms_version: termsOf.version,
    terms_accepted: true,
    on_conflict: what.onConflict ?? 'fail',
  }, what.key);
}

export async function booking(client: Client, id: string): Promise<Json> {
  return (await client.get(`/api/booking/v1/bookings/${id}`)).body;
}

export async function decide(client: Client, id: string, act: string, more: Json = {}): Promise<Answer> {
  const { version } = await booking(client, id);
  return client.post(`/api/booking/v1/bookings/${id}/${act}`, { version, ...more });
}

/** Waits until `probe` gives something true; fails with the last value after `ms`. */
export async function until<T>(what: string, probe: () => Promise<T>, ms = 15_000): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  let last: T;
  do {
    last = await probe();
    if (last) return last as NonNullable<T>;
    await new Promise((resume) => setTimeout(resume, 50));
  } while (Date.now() < end);
  throw new Error(`waited ${ms} ms in vain for: ${what} (last: ${JSON.stringify(last)})`);
}

export interface FreeRoom {
  offer: string;
  space: string;
  establishment: string;
  when: Single;
}

let weeksAsked = 0;

/**
 * A room of the kind that is free on some coming `weekday` (1 = Monday) at these hours. Each call
 * begins a week later than the one before, so that tests keep out of each other's way.
 */
export async function freeRoom(stack: Stack, client: Client, kind: string, weekday: number,
  start = '18:00', end = '20:00'): Promise<FreeRoom> {
  for (let tries = 0; tries < 40; tries++) {
    const when = evening(dayAfter(stack.businessNow(), 14 + 7 * (weeksAsked++ % 40), weekday), start, end);
    const found = await client.get(searchQuery(when, { kind, limit: '100' }));
    const item = found.body.items?.find((i: Json) => i.strip === 'f');
    if (item) {
      return { offer: item.offer.offer_id, space: item.space_id, establishment: item.establishment_id, when };
    }
  }
  throw new Error(`no free ${kind} in forty weeks`);
}
