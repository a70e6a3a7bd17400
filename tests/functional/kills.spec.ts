// The whole road from the request to the money, with a service killed at twenty points of it: what was
// acknowledged is there, once, to the cent and to the letter.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, withTown } from '../support/fixtures.ts';
import type { Service, Stack } from '../support/stack.ts';
import { expectLedgerRight, provider } from '../support/money.ts';
import { ask, freeRoom, hirer, type FreeRoom, type Hirer } from '../support/road.ts';
import type { Answer, Client, Json } from '../support/client.ts';

const test = withTown();

const points = 20;
// Those through which the money goes fall more often.
const victims: Service[] = ['payment', 'booking', 'notification', 'payment', 'gateway', 'booking', 'accounts', 'payment', 'search', 'inventory'];

/** An act that is sent until it is answered for good; its key makes the repetitions harmless. */
async function surely(what: string, act: () => Promise<Answer>, ms = 30_000): Promise<Answer> {
  const end = Date.now() + ms;
  let last = 'no answer';
  while (Date.now() < end) {
    try {
      const answer = await act();
      const final = answer.status < 500 && answer.status !== 401 && answer.body?.code !== 'in_flight';
      if (final) return answer;
      last = `${answer.status} ${JSON.stringify(answer.body)}`;
    } catch (error) {
      last = String(error);
    }
    await new Promise((resume) => setTimeout(resume, 40));
  }
  throw new Error(`${what}: ${last}`);
}

/** Reads until the answer satisfies `probe`. */
async function seen(what: string, client: Client, path: string, probe: (body: Json) => boolean): Promise<Json> {
  const answer = await surely(what, async () => {
    const read = await client.get(path);
    if (read.status === 200 && !probe(read.body)) return { ...read, status: 599 };
    return read;
  });
  expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBe(200);
  return answer.body;
}

interface Traveller {
  booking: Json;
  payment: Json;
  cancelled: boolean;
}

/** Request, acceptance, checkout, payment, confirmation and, where wanted, cancellation and refund. */
async function travel(town: Stack, club: Hirer, manager: Client, room: FreeRoom, cancels: boolean): Promise<Traveller> {
  const keys = { ask: randomUUID(), accept: randomUUID(), checkout: randomUUID(), cancel: randomUUID() };
  const purpose = `Trajet ${keys.ask.slice(0, 8)}`;
  const sent = await surely('the request', () => ask(club, { offer: room.offer, when: room.when, purpose, key: keys.ask }));
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  const path = `/api/booking/v1/bookings/${sent.body.id}`;
  const { version } = await seen('the request', manager, path, () => true);
  const accepted = await surely('the acceptance', () => manager.post(`${path}/accept`, { version }, keys.accept));
  expect(accepted.status, JSON.stringify(accepted.body)).toBe(200);
  const due = (await seen('the payment', club.client, `/api/payment/v1/payments?booking_id=${sent.body.id}`, (b) => b.items?.length === 1)).items[0];
  const checkout = await surely('the checkout', () => club.client.post(`/api/payment/v1/payments/${due.id}/checkout`, {}, keys.checkout));
  expect(checkout.status, JSON.stringify(checkout.body)).toBe(200);
  await provider(town).payer(checkout.body.url, 'pay');
  const confirmed = await seen('the confirmation', club.client, path, (b) => b.state === 'confirmed');
  if (cancels) {
    const cancelled = await surely('the cancellation', () => club.client.post(`${path}/cancel`, { version: confirmed.version }, keys.cancel));
    expect(cancelled.status, JSON.stringify(cancelled.body)).toBe(200);
    await seen('the refund', club.client, `/api/payment/v1/payments?booking_id=${sent.body.id}`,
      (b) => b.items[0].refunds.some((r: Json) => r.status === 'succeeded'));
  }
  return { booking: confirmed, payment: due, cancelled: cancels };
}

function decoded(subject: string): string {
  return subject.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8')
      : Buffer.from(text.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/gi, (__, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8'));
}

/** How many letters tell of `reference`, by subject and addressee. */
function letters(town: Stack): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of readdirSync(town.dir, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.eml')) continue;
    const head = readFileSync(join(town.dir, entry), 'utf8').split(/\r?\n\r?\n/)[0]!.replace(/\r?\n[ \t]/g, ' ');
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? '';
    const letter = `${decoded(field('Subject'))} → ${field('To')}`;
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  return counts;
}

// F-24, F-26, S29
test('resilience__kill_9_at_20_points_between_request_and_refund__each_cent_and_each_letter_once', async ({ town }) => {
  test.setTimeout(600_000);
  const club = await hirer(town, 'association_paying');
  const manager = await town.client('manager_all');
  const done: Traveller[] = [];
  for (let point = 0; point < points; point++) {
    const victim = victims[point % victims.length]!;
    const room = await freeRoom(town, club.client, point % 2 ? 'polyvalente' : 'auditorium', 1 + (point % 5));
    const journey = travel(town, club, manager, room, point % 3 === 0);
    journey.catch(() => undefined); // awaited below; a failure while the victim starts is not unhandled
    await new Promise((resume) => setTimeout(resume, 20 + point * 130)); // ever later on the road
    await town.kill(victim);
    await town.startServices(victim);
    done.push(await journey);
  }

  for (const { booking, payment, cancelled } of done) {
    const now = await seen('the booking', club.client, `/api/booking/v1/bookings/${booking.id}`, () => true);
    expect(now.state, booking.reference).toBe(cancelled ? 'cancelled_by_hirer' : 'confirmed');
    const payments = (await seen('its payments', club.client, `/api/payment/v1/payments?booking_id=${booking.id}`, () => true)).items;
    expect(payments.map((p: Json) => p.id)).toEqual([payment.id]);
    expect(payments[0].refunds.length, booking.reference).toBe(cancelled ? 1 : 0);
  }
  const finance = await town.client('finance');
  for (const { booking, payment } of done) {
    await expectLedgerRight(finance, payment.establishment_id);
    const entries = (await finance.get(`/api/payment/v1/ledger/entries?establishment_id=${payment.establishment_id}&payment_id=${payment.id}`)).body.items;
    const collected = entries.flatMap((e: Json) => e.postings).filter((p: Json) => p.account === 'psp_clearing' && p.debit.amount > 0);
    expect(collected.map((p: Json) => p.debit.amount), booking.reference).toEqual([payment.amount.amount]);
  }
  const all = (await club.client.get(`/api/booking/v1/bookings?organisation_id=${club.organisation}&limit=100`)).body.items;
  const purposes = all.map((b: Json) => b.purpose as string).filter((p: string) => p.startsWith('Trajet '));
  expect(purposes.length).toBe(points);
  expect(new Set(purposes).size).toBe(points);

  // Letters leave after the facts: wait until each journey has told all that it has to tell.
  await new Promise((resume) => setTimeout(resume, 5_000));
  const told = letters(town);
  for (const { booking, cancelled } of done) {
    const about = [...told].filter(([letter]) => letter.includes(booking.reference));
    expect(about.every(([, times]) => times === 1), JSON.stringify(about)).toBe(true);
    // submitted, received, accepted, paid, confirmed; cancelled and refunded besides
    expect(about.length, JSON.stringify(about)).toBeGreaterThanOrEqual(cancelled ? 7 : 5);
  }
});
