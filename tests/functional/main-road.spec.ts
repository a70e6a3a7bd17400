// The road of stage A over the public JSON API: find, ask, decide.
import { expect, test } from '../support/fixtures.ts';
import { ask, booking, dayAfter, decide, evening, freeRoom, hirer, searchQuery, until } from '../support/road.ts';
import { services } from '../support/stack.ts';

test('search__one_evening_near_voiron__rooms_sorted_by_fit_with_distance', async ({ stack }) => {
  const client = await stack.client();
  const tuesday = dayAfter(stack.businessNow(), 21, 2);
  const answer = await client.get(searchQuery(evening(tuesday), { kind: 'polyvalente', capacity: '40', near: 'Voiron' }));
  expect(answer.status).toBe(200);
  expect(answer.body.place.name).toBe('Voiron');
  expect(answer.body.items.length).toBeGreaterThan(3);
  for (const item of answer.body.items) {
    expect(item.kind).toBe('polyvalente');
    expect(item.offer.capacity).toBeGreaterThanOrEqual(40);
    expect(item.distance_km).toBeGreaterThanOrEqual(0);
    expect(item.demonstration).toBe(true);
  }
  const free = answer.body.items.map((i: { free_dates: number }) => i.free_dates);
  expect(free).toEqual([...free].sort((a, b) => b - a));
});

test('booking__free_request__accepted_is_confirmed_and_search_follows', async ({ stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const room = await freeRoom(stack, club.client, 'polyvalente', 4);
  const { when } = room;
  const query = searchQuery(when, { kind: 'polyvalente', limit: '100' });

  const sent = await ask(club, { offer: room.offer, when, headcount: 30 });
  expect(sent.status).toBe(201);
  expect(sent.body.state).toBe('submitted');
  expect(sent.body.reference).toMatch(/^PR-[0-9A-Z]{4,}-[0-9A-Z]$/);
  expect(sent.body.terms.hash).toMatch(/^[0-9a-f]{64}$/);

  const stateOf = async (): Promise<string> => {
    const items = (await club.client.get(query)).body.items;
    return items.find((i: { space_id: string }) => i.space_id === room.space)?.strip;
  };
  await until('search shows the slot as pending', async () => (await stateOf()) === 'p');

  const inbox = await manager.get(`/api/booking/v1/bookings?establishment_id=${sent.body.establishment_id}&state=submitted`);
  expect(inbox.body.items.map((b: { id: string }) => b.id)).toContain(sent.body.id);
  const accepted = await decide(manager, sent.body.id, 'accept');
  expect(accepted.status).toBe(200);
  expect(accepted.body.state).toBe('accepted');
  expect(accepted.body.undo_until).toBeTruthy();
  const confirmed = await until('confirmation', async () => {
    const now = await booking(club.client, sent.body.id);
    return now.state === 'confirmed' && now;
  });
  expect(confirmed.category).toBe('A');
  expect(confirmed.free_ground).toBeTruthy();
  await until('search shows the slot as taken', async () => (await stateOf()) === 't');

  const history = await club.client.get(`/api/booking/v1/bookings/${sent.body.id}/history`);
  expect(history.body.items.map((h: { to: string }) => h.to)).toEqual(['submitted', 'accepted', 'confirmed']);
});

// S85
test('booking__refuse_without_reason__names_the_field', async ({ stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 3, '19:00', '21:00');
  const sent = await ask(club, { offer, when });
  expect(sent.status).toBe(201);
  const bare = await decide(manager, sent.body.id, 'refuse');
  expect(bare.status).toBe(422);
  expect(JSON.stringify(bare.body.errors)).toContain('/reason');
  const refused = await decide(manager, sent.body.id, 'refuse', { reason_code: 'no_staff', reason_text: 'Aucun agent ce soir-là.' });
  expect(refused.status).toBe(200);
  expect(refused.body.state).toBe('refused');
  expect(refused.body.decision.reason_code).toBe('no_staff');
  // The slot is free again once the undo window has passed. // S04
  await until('the slot to be free again', async () => {
    const again = await ask(club, { offer, when });
    return again.status === 201;
  });
});

test('booking__undo_within_the_window__restores_the_request', async ({ stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 5, '19:00', '20:00');
  const sent = await ask(club, { offer, when });
  const refused = await decide(manager, sent.body.id, 'refuse', { reason_code: 'no_staff', reason_text: 'Erreur.' });
  expect(refused.status).toBe(200);
  const undone = await decide(manager, sent.body.id, 'undo');
  expect(undone.status).toBe(200);
  expect(undone.body.state).toBe('submitted');
  expect(undone.body.undo_until).toBeNull();
});

// S20
test('booking__two_managers_accept_together__one_decision', async ({ stack }) => {
  const club = await hirer(stack);
  const [one, two] = [await stack.client('manager_all'), await stack.client('manager_all')];
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 1, '18:00', '19:00');
  const sent = await ask(club, { offer, when });
  const version = sent.body.version;
  const path = `/api/booking/v1/bookings/${sent.body.id}/accept`;
  const answers = await Promise.all([one.post(path, { version }), two.post(path, { version })]);
  expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
  const loser = answers.find((a) => a.status === 409);
  expect(loser?.body.code).toBe('already_decided');
});

// S88
test('booking__another_organisations_id__is_not_found', async ({ stack }) => {
  const club = await hirer(stack);
  const other = await hirer(stack, 'association_paying');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 2, '18:00', '19:00');
  const sent = await ask(club, { offer, when });
  expect(sent.status).toBe(201);
  const path = `/api/booking/v1/bookings/${sent.body.id}`;
  for (const stranger of [await stack.client(), other.client, await stack.client('manager_other')]) {
    for (const answer of [
      await stranger.get(path), await stranger.get(`${path}/history`),
      await stranger.post(`${path}/accept`, { version: 1 }), await stranger.post(`${path}/withdraw`, { version: 1 }),
    ]) {
      expect([401, 404]).toContain(answer.status);
    }
  }
  const asIfTheirs = await other.client.post('/api/booking/v1/bookings', {
    organisation_id: club.organisation, offer_id: offer, when, purpose: 'Essai', headcount: 5,
    terms_version: sent.body.terms.version, terms_accepted: true, on_conflict: 'fail',
  });
  expect([403, 404]).toContain(asIfTheirs.status);
});

// A scrape asks gauges that ask databases: one that waited for itself stopped its whole service.
for (const service of services) {
  test(`metrics__${service}__answered_twice_and_the_service_goes_on`, async ({ stack }) => {
    for (let times = 0; times < 2; ++times) {
      const answer = await fetch(`${stack.url(service)}/metrics`, { signal: AbortSignal.timeout(10_000) });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('preau_http_requests_total');
    }
    expect((await fetch(`${stack.url(service)}/readyz`, { signal: AbortSignal.timeout(10_000) })).status).toBe(200);
  });
}
