// What must be right before a room is granted, over the public JSON API: two levels, papers, a lower price.
import { randomUUID } from 'node:crypto';
import { expect, test } from '../support/fixtures.ts';
import { ask, booking, dayAfter, decide, evening, freeRoom, hirer, isoDate, until } from '../support/road.ts';
import type { Client, Json } from '../support/client.ts';

const put = (client: Client, path: string, body: Json) =>
  client.send('PUT', path, body, { 'Idempotency-Key': randomUUID() });

async function editSpace(client: Client, space: string, change: Json) {
  const now = await client.get(`/api/inventory/v1/spaces/${space}`);
  return client.send('PATCH', `/api/inventory/v1/spaces/${space}`, { ...change, version: now.body.version },
    { 'Idempotency-Key': randomUUID() });
}

/** The version and id of how the département sees the hirer's first organisation. */
async function affiliation(client: Client): Promise<Json> {
  return (await client.get('/api/accounts/v1/me')).body.memberships[0].affiliations[0];
}

// S84
test('guards__two_levels__the_college_gives_its_opinion_and_the_body_decides', async ({ stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const admin = await stack.client('admin');
  const { offer, space, when } = await freeRoom(stack, club.client, 'auditorium', 4, '18:00', '19:00');
  expect((await editSpace(manager, space, { approval: 'college_then_body' })).status).toBe(403);
  expect((await editSpace(admin, space, { approval: 'college_then_body' })).status).toBe(200);
  const sent = await until('booking to know of the second level', async () => {
    const one = await ask(club, { offer, when });
    if (one.body.approval === 'college_then_body') return one;
    await decide(club.client, one.body.id, 'withdraw');
    return null;
  });
  const early = await decide(manager, sent.body.id, 'accept');
  expect(early.status).toBe(403);
  const endorsed = await decide(manager, sent.body.id, 'endorse', { text: 'Bon accueil.' });
  expect(endorsed.status).toBe(200);
  expect(endorsed.body.state).toBe('endorsed');
  const checks = await admin.get(`/api/booking/v1/bookings/${sent.body.id}/checks`);
  expect(checks.body.acts).toEqual(['accept', 'ask_documents', 'propose', 'refuse']);
  const listed = await admin.get(`/api/booking/v1/bookings?body_id=${sent.body.body_id}&state=endorsed`);
  expect(listed.body.items.map((b: Json) => b.id)).toContain(sent.body.id);
  expect((await decide(manager, sent.body.id, 'accept')).body.code).toBe('already_decided');
  expect((await decide(admin, sent.body.id, 'accept')).status).toBe(200);
  await until('confirmation', async () => (await booking(club.client, sent.body.id)).state === 'confirmed');
  expect((await editSpace(admin, space, { approval: 'college' })).status).toBe(200);
});

// Golden case 11, R-09
test('guards__insurance_that_ends_early__suspends_later_dates_until_it_is_renewed', async ({ stack }) => {
  const club = await hirer(stack, 'association_12');
  const manager = await stack.client('manager_all');
  // A room that is free on two Wednesdays running.
  const { offer, when, later } = await until('two free Wednesdays', async () => {
    const room = await freeRoom(stack, club.client, 'classroom', 3, '18:00', '19:00');
    const next = dayAfter(new Date(`${room.when.date}T12:00:00Z`), 7, 3);
    const quote = await club.client.post('/api/booking/v1/quotes', { organisation_id: club.organisation, offer_id: room.offer,
      when: { kind: 'dates', dates: [room.when.date, next], start_time: '18:00', end_time: '19:00' } });
    return quote.body.free_count === 2 ? { ...room, later: next } : null;
  });
  const seen = await affiliation(club.client);
  const insurance = { insurer: 'MAIF', policy_number: '4 123 456', valid_until: when.date, version: seen.version };
  const stranger = await hirer(stack, 'association_13');
  expect((await put(stranger.client, `/api/accounts/v1/affiliations/${seen.id}/insurance`, insurance)).status).toBe(404);
  const declared = await put(club.client, `/api/accounts/v1/affiliations/${seen.id}/insurance`, insurance);
  expect(declared.status).toBe(200);
  const asked = { kind: 'dates', dates: [when.date, later], start_time: '18:00', end_time: '19:00' } as never;
  await until('the quote to know of the insurance', async () => {
    const quote = await club.client.post('/api/booking/v1/quotes', { organisation_id: club.organisation, offer_id: offer, when: asked });
    return quote.body.papers?.uninsured_count === 1;
  });
  const sent = await ask(club, { offer, when: asked });
  expect(sent.status).toBe(201);
  expect((await decide(manager, sent.body.id, 'accept')).status).toBe(200);
  await until('a suspended date', async () =>
    (await booking(club.client, sent.body.id)).occurrences.some((o: Json) => o.state === 'suspended' && o.reason === 'insurance'));
  const renewed = await put(club.client, `/api/accounts/v1/affiliations/${seen.id}/insurance`,
    { ...insurance, valid_until: isoDate(new Date(Date.parse(later) + 200 * 86_400_000)), version: declared.body.version });
  expect(renewed.status).toBe(200);
  await until('the date to resume', async () =>
    (await booking(club.client, sent.body.id)).occurrences.every((o: Json) => o.state === 'planned'));
  const history = await club.client.get(`/api/booking/v1/bookings/${sent.body.id}/history`);
  const acts = history.body.items.map((line: Json) => line.act);
  expect(acts.indexOf('suspend')).toBeGreaterThan(0);
  expect(acts.at(-1)).toBe('resume');
});

// S94
test('guards__lower_price__needs_its_ground_and_stands_in_the_history', async ({ stack }) => {
  const club = await hirer(stack, 'association_paying');
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 2, '19:00', '21:00');
  const sent = await ask(club, { offer, when: evening(when.date, '19:00', '21:00') });
  const before = sent.body.price.total.amount as number;
  expect(before).toBeGreaterThan(100);
  const total = { amount: before - 100, currency: 'EUR' };
  expect((await decide(manager, sent.body.id, 'accept', { total })).body.code).toBe('ground_required');
  expect((await decide(manager, sent.body.id, 'accept', { total: { amount: before + 1, currency: 'EUR' }, ground: 'Plus' })).status).toBe(422);
  expect((await decide(club.client, sent.body.id, 'accept', { total, ground: 'Moi' })).status).toBe(403);
  const granted = await decide(manager, sent.body.id, 'accept', { total, ground: 'Concert caritatif' });
  expect(granted.status).toBe(200);
  expect(granted.body.price.total).toEqual(total);
  expect(granted.body.price.lowered).toEqual({ before: { amount: before, currency: 'EUR' }, ground: 'Concert caritatif' });
  const history = await manager.get(`/api/booking/v1/bookings/${sent.body.id}/history`);
  const line = history.body.items.find((one: Json) => one.act === 'accept');
  expect(line.changes.fields).toEqual([{ name: 'price', before: String(before), after: String(before - 100) }]);
  await until('the order of the lower sum', async () => {
    const payment = (await booking(club.client, sent.body.id)).payment;
    if (!payment) return null;
    const told = await club.client.get(`/api/payment/v1/payments/${payment.payment_id}`);
    return told.body.amount?.amount === before - 100 || told.body.amount === before - 100;
  });
});

test('guards__purpose__must_be_one_that_the_room_is_lent_for', async ({ stack }) => {
  const club = await hirer(stack);
  const { offer, when } = await freeRoom(stack, club.client, 'gym', 4, '18:00', '19:00');
  const refused = await ask(club, { offer, when, purpose: 'computing' });
  expect(refused.status).toBe(422);
  expect(refused.body.code).toBe('purpose_not_allowed');
  expect((await ask(club, { offer, when, purpose: 'sport' })).status).toBe(201);
});

test('guards__deliberation__a_room_without_one_is_not_published', async ({ stack }) => {
  const manager = await stack.client('manager');
  const mine = (await manager.get('/api/accounts/v1/me')).body.posts[0].establishment_ids[0] as string;
  const votes = await manager.get(`/api/inventory/v1/establishments/${mine}/deliberations`);
  expect(votes.status).toBe(200);
  expect(votes.body.items.length).toBeGreaterThan(0); // the demonstration's boards have voted
  const vote = { number: '2026-12', voted_on: isoDate(stack.businessNow()), valid_from: isoDate(stack.businessNow()),
    valid_until: isoDate(new Date(stack.businessNow().getTime() + 300 * 86_400_000)) };
  const recorded = await manager.post(`/api/inventory/v1/establishments/${mine}/deliberations`, vote);
  expect(recorded.status).toBe(201);
  const other = await stack.client('manager_other');
  expect((await other.post(`/api/inventory/v1/establishments/${mine}/deliberations`, vote)).status).toBe(404);
});
