// What comes on top of the room's price and what comes off it, over the public JSON API. A stack of its
// own, because it moves business time.
import { expect, withTown } from '../support/fixtures.ts';
import type { Stack } from '../support/stack.ts';
import { checkout, paymentOf, provider, reached } from '../support/money.ts';
import { booking, decide, freeRoom, hirer, searchQuery, until, type FreeRoom, type Hirer } from '../support/road.ts';
import type { Answer, Json } from '../support/client.ts';

const test = withTown();
test.describe.configure({ mode: 'serial' });

const winter = ['11', '12', '01', '02', '03'];

/** A free room of the kind on a date of the heating season, November to March. */
async function winterRoom(town: Stack, club: Hirer, kind: string, weekday: number): Promise<FreeRoom> {
  for (let tries = 0; tries < 40; tries++) {
    const room = await freeRoom(town, club.client, kind, weekday);
    if (winter.includes(room.when.date.slice(5, 7))) return room;
  }
  throw new Error(`no free ${kind} in winter`);
}

function quoteOf(club: Hirer, room: FreeRoom, extras: Json[] = []): Promise<Answer> {
  return club.client.post('/api/booking/v1/quotes',
    { organisation_id: club.organisation, offer_id: room.offer, when: room.when, extras });
}

function send(club: Hirer, room: FreeRoom, quote: Json, more: Json = {}): Promise<Answer> {
  return club.client.post('/api/booking/v1/bookings', { organisation_id: club.organisation, offer_id: room.offer,
    when: room.when, purpose: 'Concert de la chorale', headcount: 10, terms_version: quote.terms.version,
    terms_accepted: true, on_conflict: 'fail', ...more });
}

const sum = (items: Json[], of: (item: Json) => number): number => items.reduce((all, item) => all + of(item), 0);

//
test('heating__is_told_line_by_line_by_search_quote_request_and_payment', async ({ town }) => {
  const club = await hirer(town, 'association_paying');
  const room = await winterRoom(town, club, 'auditorium', 2);
  const quote = (await quoteOf(club, room)).body;
  // One half-day at 40 € and 20 € for the heating of the date.
  expect(quote.price.total.amount).toBe(6000);
  expect(quote.price.lines).toHaveLength(1);
  expect(quote.price.lines[0].supplements).toMatchObject([{ kind: 'heating', amount: { amount: 2000 }, dates: [room.when.date] }]);
  const found = (await club.client.get(searchQuery(room.when, { kind: 'auditorium', category: 'B', limit: '100' }))).body;
  expect(found.items.find((i: Json) => i.space_id === room.space).price.amount).toBe(6000);
  const sent = await send(club, room, quote, { quote_id: quote.quote_id });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  expect(sent.body.price).toEqual(quote.price);
  expect((await decide(await town.client('manager_all'), sent.body.id, 'accept')).status).toBe(200);
  const payment = await until('the payment', async () => (await paymentOf(club.client, sent.body.id)) ?? false);
  expect(payment.lines[0].supplements).toEqual([{ kind: 'heating', amount: { amount: 2000, currency: 'EUR' } }]);
  expect(payment.lines[0].vat.note).toBe('TVA non applicable, art. 256 B du CGI');
  expect(payment.amount.amount).toBe(6000);
});

test('extras__are_quoted_requested_seen_by_the_manager_and_paid', async ({ town }) => {
  const club = await hirer(town, 'association_paying');
  const room = await winterRoom(town, club, 'auditorium', 3);
  const plain = (await quoteOf(club, room)).body;
  expect(plain.extras_offered.map((e: Json) => e.code)).toEqual(['sono', 'menage', 'technicien']);
  const extras = [{ code: 'sono', count: 1 }, { code: 'technicien', count: 2 }];
  const quote = (await quoteOf(club, room, extras)).body;
  expect(quote.price.total.amount).toBe(6000 + 3000 + 2 * 2 * 3200);
  expect(sum(quote.price.lines, (l) => l.amount.amount)).toBe(quote.price.total.amount);
  expect(sum(quote.price.vat, (v) => v.net.amount + v.tax.amount)).toBe(quote.price.total.amount); // S93
  expect(quote.price.deposits).toMatchObject([{ code: 'sono', amount: { amount: 25000 } }]);
  // The price of one choice does not hold for another.
  const other = await send(club, room, quote, { quote_id: plain.quote_id, extras });
  expect(other.status).toBe(409);
  expect(other.body.code).toBe('price_changed');
  expect(other.body.quote.price.total).toEqual(quote.price.total);
  const sent = await send(club, room, quote, { quote_id: quote.quote_id, extras });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  const manager = await town.client('manager_all');
  expect((await booking(manager, sent.body.id)).price.lines.map((l: Json) => l.label)).toEqual([null, 'Sonorisation', 'Technicien']);
  expect((await decide(manager, sent.body.id, 'accept')).status).toBe(200);
  const payment = await until('the payment', async () => (await paymentOf(club.client, sent.body.id)) ?? false);
  expect(payment.amount).toEqual(quote.price.total);
  expect(payment.lines.map((l: Json) => l.label)).toEqual([null, 'Sonorisation', 'Technicien']);
});

// S92
test('own_price_unknown_extra_or_negative_number__is_refused_by_its_field', async ({ town }) => {
  const club = await hirer(town, 'association_paying');
  const room = await winterRoom(town, club, 'auditorium', 4);
  const quote = (await quoteOf(club, room)).body;
  const wrong: [Json, string][] = [
    [{ price: 0 }, '/price'], [{ price: -5 }, '/price'], [{ currency: 'XXX' }, '/currency'],
    [{ extras: [{ code: 'piano' }] }, '/extras/0/code'],
    [{ extras: [{ code: 'sono', count: -1 }] }, '/extras/0/count'],
    [{ extras: [{ code: 'technicien', count: 3 }] }, '/extras/0/count'],
    [{ extras: [{ code: 'sono' }, { code: 'sono' }] }, '/extras/1/code'],
    [{ extras: { code: 'sono' } }, '/extras'],
  ];
  for (const [more, pointer] of wrong) {
    const refused = await send(club, room, quote, more);
    expect(refused.status, JSON.stringify(more)).toBe(422);
    expect(refused.body.errors.map((e: Json) => e.pointer), JSON.stringify(more)).toContain(pointer);
  }
  // Negative control: without any of it the request passes.
  expect((await send(club, room, quote)).status).toBe(201);
});

// R-28, S94
test('free_use__once_a_school_year_then_the_full_price_and_no_payment', async ({ town }) => {
  const club = await hirer(town, 'association_paying');
  const room = await freeRoom(town, club.client, 'auditorium', 6, '14:00', '17:00');
  const quote = (await quoteOf(club, room)).body;
  expect(quote.price.free_use).toMatchObject({ kind: 'weekend', nth: 1, of: 1 });
  expect(quote.price.total.amount).toBe(0);
  expect(quote.price.lines).toMatchObject([{ kind: 'free_use', amount: { amount: 0 } }]);
  expect(quote.price.reference.amount).toBeGreaterThan(0);
  const sent = await send(club, room, quote, { quote_id: quote.quote_id });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  expect((await decide(await town.client('manager_all'), sent.body.id, 'accept')).status).toBe(200);
  const confirmed = await until('the free booking to be confirmed', async () => {
    const now = await booking(club.client, sent.body.id);
    return now.state === 'confirmed' && now;
  });
  expect(confirmed.free_ground).toBe('free_use');
  expect(confirmed.decision.by_role).toBe('manager');
  expect(confirmed.requirement.payment).toBe('none');
  expect(await paymentOf(club.client, sent.body.id)).toBeUndefined();
  // The next Saturday of the school year is paid for.
  const again = await freeRoom(town, club.client, 'auditorium', 6, '14:00', '17:00');
  const sameYear = (date: string): number => Number(date.slice(0, 4)) - (date.slice(5, 7) < '09' ? 1 : 0);
  expect(sameYear(again.when.date)).toBe(sameYear(room.when.date));
  const next = (await quoteOf(club, again)).body;
  expect(next.price.free_use).toBeNull();
  expect(next.price.total.amount).toBeGreaterThan(0);
});

// R-16, S108
test('slot_let_again__gives_back_what_the_late_cancellation_did_not', async ({ town }) => {
  const club = await hirer(town, 'association_paying');
  const manager = await town.client('manager_all');
  const room = await freeRoom(town, club.client, 'polyvalente', 4);
  const quote = (await quoteOf(club, room)).body;
  const sent = await send(club, room, quote, { quote_id: quote.quote_id });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  expect((await decide(manager, sent.body.id, 'accept')).status).toBe(200);
  const payment = await until('the payment', async () => (await paymentOf(club.client, sent.body.id)) ?? false);
  const due = { club, booking: await booking(club.client, sent.body.id), payment };
  await provider(town).payer(await checkout(due), 'pay');
  await reached(due, 'confirmed');
  // Six days before: nothing comes back.
  const sixBefore = Date.parse(`${room.when.date}T10:00:00Z`) - 6 * 86_400_000;
  town.setBusinessTime(new Date(sixBefore).toISOString());
  await until('the clock of the service', async () =>
    Date.parse((await quoteOf(club, room)).body.decision?.expected_by) > sixBefore);
  expect((await decide(club.client, sent.body.id, 'cancel')).status).toBe(200);
  expect((await paymentOf(club.client, sent.body.id))!.refunds).toEqual([]);
  // Another association takes the slot: all of it comes back, once.
  const others = await hirer(town, 'association_free');
  const theirs = await until('the slot to be free again', async () => {
    const answer = await quoteOf(others, room);
    return answer.body.free_count === 1 && answer.body;
  });
  const taken = await send(others, room, theirs, { quote_id: theirs.quote_id });
  expect(taken.status, JSON.stringify(taken.body)).toBe(201);
  expect((await decide(manager, taken.body.id, 'accept')).status).toBe(200);
  const refunded = await until('the refund', async () => {
    const now = await paymentOf(club.client, sent.body.id);
    return now?.refund_state === 'full' && now;
  }, 30_000);
  expect(refunded.refunds).toHaveLength(1);
  expect(refunded.refunds[0]).toMatchObject({ reason: 'relet', amount: payment.amount });
});
