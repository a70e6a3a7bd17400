// The dates of a series one by one, over the public JSON API and the HTML forms: give back, have again, move,
// end, edit, shorter buffers, and monthly rules. A stack of its own: it moves business time.
// S23, S47, S59, S60, S61, S65, S89
import { expect, test as base } from '../support/fixtures.ts';
import { Stack } from '../support/stack.ts';
import { ask, booking, decide, hirer, hirers, searchQuery, until, type Hirer, type Weekly } from '../support/road.ts';
import { acceptedBooking, checkout, paymentOf, provider, reached } from '../support/money.ts';
import type { Answer, Client, Json } from '../support/client.ts';

const test = base.extend<object, { school: Stack }>({
  school: [async ({ engine }, use) => {
    const stack = await Stack.start({ engine, now: '2026-08-20T10:00:00+02:00',
      settings: { 'booking.undo_window_s': 0, 'booking.live_requests_max': 100_000 } });
    await use(stack);
    await stack.end();
  }, { scope: 'worker', timeout: 240_000 }],
});
test.describe.configure({ mode: 'serial' });

interface Asked {
  club: Hirer;
  manager: Client;
  offer: string;
  when: Weekly;
  made: Json;
}

let weeks = 0;

/** Six weekly dates that are free everywhere in one room, asked for; every call takes later hours or another day. */
async function series(school: Stack, role = 'association_free', kind = 'classroom'): Promise<Asked> {
  const club = await hirer(school, role);
  const manager = await school.client('manager_all');
  const days = ['mon', 'tue', 'thu', 'fri'];
  for (let tries = 0; tries < 24; tries++) {
    const n = weeks++;
    const when: Weekly = { kind: 'weekly', weekdays: [days[n % 4] as string], from: '2026-09-07', until: '2026-10-16',
      start_time: '18:00', end_time: '19:30', school_holidays: 'keep', public_holidays: 'keep' };
    const found = await club.client.get(searchQuery(when, { kind, limit: '100', category: 'A' }));
    const rooms = (found.body.items ?? []).filter((i: Json) => i.strip === 'ffffff');
    const room = rooms[n % Math.max(1, rooms.length)];
    if (!room) continue;
    const sent = await ask(club, { offer: room.offer.offer_id, when });
    if (sent.status !== 201) continue;
    return { club, manager, offer: room.offer.offer_id, when, made: sent.body };
  }
  throw new Error(`no ${kind} is free on six dates`);
}

const act = (client: Client, made: Json, verb: string, body: Json): Promise<Answer> =>
  client.post(`/api/booking/v1/bookings/${made.id}/${verb}`, { version: made.version, ...body });
const dates = (made: Json): string[] =>
  made.occurrences.filter((o: Json) => o.state === 'planned').map((o: Json) => `${o.slot.date} ${o.slot.start_time}`);
const ids = (made: Json): string[] => made.occurrences.map((o: Json) => o.id);

// S59
test('give_back__one_date__is_free_at_once_and_the_rest_stays', async ({ school }) => {
  const { club, offer, made } = await series(school);
  const given = await act(club.client, made, 'give-back', { occurrence_ids: [made.occurrences[2].id] });
  expect(given.status, JSON.stringify(given.body)).toBe(200);
  expect(ids(given.body)).toEqual(ids(made));
  expect(given.body.dates_count).toBe(5);
  expect(given.body.occurrences[2].state).toBe('given_back');
  const other = (await hirers(school, 2))[1] as Hirer;
  const slot = made.occurrences[2].slot as Json;
  const single = { kind: 'single' as const, date: slot.date, start_time: '18:00', end_time: '19:30' };
  expect((await ask(other, { offer, when: single })).status).toBe(201);
  // S60: taken now; given up again, it comes back to its series.
  const taken = await act(club.client, given.body, 'add-date', { occurrence_id: made.occurrences[2].id });
  expect(taken.status).toBe(409);
  expect(taken.body.code).toBe('overlap');
  const mine = await other.client.get(`/api/booking/v1/bookings?organisation_id=${other.organisation}&limit=1`);
  expect((await decide(other.client, mine.body.items[0].id, 'withdraw')).status).toBe(200);
  const again = await act(club.client, given.body, 'add-date', { occurrence_id: made.occurrences[2].id });
  expect(again.status, JSON.stringify(again.body)).toBe(200);
  expect(dates(again.body)).toEqual(dates(made));
  expect(ids(again.body)).toEqual(ids(made));
});

test('give_back__what_cannot_be__has_its_code', async ({ school }) => {
  const { club, manager, made } = await series(school);
  const first = [made.occurrences[0].id];
  expect((await act(manager, made, 'give-back', { occurrence_ids: first })).status).toBe(403);
  expect((await act(club.client, { ...made, version: 99 }, 'give-back', { occurrence_ids: first })).body.code).toBe('stale_version');
  expect((await act(club.client, made, 'give-back', { occurrence_ids: ids(made) })).body.code).toBe('last_date');
  expect((await act(club.client, made, 'give-back', { occurrence_ids: ['x'] })).status).toBe(422);
  expect((await act(club.client, made, 'give-back', {})).status).toBe(422);
  const stranger = (await hirers(school, 3))[2] as Hirer;
  expect((await act(stranger.client, made, 'give-back', { occurrence_ids: first })).status).toBe(404);
  expect(await booking(club.client, made.id)).toMatchObject({ version: made.version, dates_count: 6 });
});

//
test('give_back__of_a_paid_series__is_refunded_by_local_days', async ({ school }) => {
  const due = await acceptedBooking(school, 4);
  const one = due.booking.occurrences[0].id;
  expect((await act(due.club.client, due.booking, 'give-back', { occurrence_ids: [one] })).body.code).toBe('last_date');
  const asked = await series(school, 'association_paying');
  expect((await decide(asked.manager, asked.made.id, 'accept')).status).toBe(200);
  const payment = await until('the payment to be due', async () => (await paymentOf(asked.club.client, asked.made.id)) ?? false);
  const pays = { club: asked.club, booking: asked.made, payment };
  await provider(school).payer(await checkout(pays), 'pay');
  const paid = await reached(pays, 'confirmed');
  const share = paid.price.total.amount / 6;
  const given = await act(asked.club.client, paid, 'give-back', { occurrence_ids: [paid.occurrences[5].id] });
  expect(given.status, JSON.stringify(given.body)).toBe(200);
  expect(given.body.occurrences[5].reason).toBe('credited');
  expect(given.body.credit.amount).toBe(share);
  const refunded = await until('the refund', async () => {
    const p = await paymentOf(asked.club.client, asked.made.id);
    return p?.refund_state !== 'none' && p;
  });
  expect(refunded.refund_state).toBe('partial');
  // The money went back: having the date again would have to be paid anew. // S60
  const again = await act(asked.club.client, given.body, 'add-date', { occurrence_id: paid.occurrences[5].id });
  expect(again.body.code).toBe('price_settled');
  // S89
  const moved = await act(asked.club.client, given.body, 'move', { occurrence_id: paid.occurrences[1].id, start_time: '17:30', end_time: '19:00' });
  expect(moved.body.code).toBe('price_settled');
  const edited = await act(asked.club.client, given.body, 'edit', { headcount: 12, purpose: 'Chorale et théâtre' });
  expect(edited.status).toBe(200);
  expect(edited.body).toMatchObject({ headcount: 12, purpose: 'Chorale et théâtre', state: 'confirmed' });
  const history = (await asked.club.client.get(`/api/booking/v1/bookings/${asked.made.id}/history`)).body.items as Json[];
  expect(history.at(-1)?.changes.fields[0]).toEqual({ name: 'headcount', before: '10', after: '12' });
  expect(history.at(-2)?.changes.dates[0].before.date).toBe(paid.occurrences[5].slot.date);
});

// S61
test('move__all_or_nothing__and_ids_stay', async ({ school }) => {
  const { club, manager, offer, made } = await series(school);
  const other = (await hirers(school, 2))[1] as Hirer;
  const fourth = made.occurrences[3].slot as Json;
  const inTheWay = await ask(other, { offer, when: { kind: 'single', date: fourth.date, start_time: '19:30', end_time: '20:30' } });
  expect(inTheWay.status, JSON.stringify(inTheWay.body)).toBe(201);
  const wish = { occurrence_id: made.occurrences[0].id, scope: 'future', start_time: '19:00', end_time: '20:30' };
  const refused = await act(club.client, made, 'move', wish);
  expect(refused.status).toBe(409);
  expect(refused.body.conflicts.map((c: Json) => c.date)).toEqual([fourth.date]);
  expect(await booking(club.client, made.id)).toMatchObject({ version: made.version });
  expect(dates(await booking(club.client, made.id))).toEqual(dates(made));
  expect((await decide(other.client, inTheWay.body.id, 'withdraw')).status).toBe(200);
  const moved = await act(club.client, made, 'move', wish);
  expect(moved.status, JSON.stringify(moved.body)).toBe(200);
  expect(ids(moved.body)).toEqual(ids(made));
  expect(dates(moved.body)).toEqual(dates(made).map((d) => d.replace('18:00', '19:00')));
  // After the decision the college moves; what costs nothing goes back to it when its hirer moves it. // S89
  const accepted = await decide(manager, made.id, 'accept', { ground: 'Convention' });
  expect(accepted.status, JSON.stringify(accepted.body)).toBe(200);
  const byCollege = await act(manager, accepted.body, 'move', { occurrence_id: made.occurrences[5].id, start_time: '18:30', end_time: '20:00' });
  expect(byCollege.status, JSON.stringify(byCollege.body)).toBe(200);
  expect(byCollege.body.state).toBe(accepted.body.state);
  const line = ((await manager.get(`/api/booking/v1/bookings/${made.id}/history`)).body.items as Json[]).at(-1);
  expect(line?.act).toBe('move');
  expect(line?.changes.dates[0]).toMatchObject({ before: { start_time: '19:00' }, after: { start_time: '18:30' } });
});

// S23
test('move__two_into_one_slot__one_wins_the_loser_keeps_its_own', async ({ school }) => {
  const { offer, made } = await series(school);
  const [a, b] = await hirers(school, 2) as [Hirer, Hirer];
  const first = made.occurrences[0].slot.date as string;
  let raced = 0;
  for (let round = 1; round < 7; round++) {
    const own = async (by: Hirer, start: string, end: string): Promise<Json> =>
      (await ask(by, { offer, when: { kind: 'single', date: shifted(first, round), start_time: start, end_time: end } })).body;
    const both = [await own(a, '18:00', '19:00'), await own(b, '20:30', '21:30')];
    if (both.some((one) => !one.occurrences)) continue; // somebody of the demonstration has that evening
    const answers = await Promise.all(both.map((one, i) => act((i === 0 ? a : b).client, one, 'move',
      { occurrence_id: one.occurrences[0].id, start_time: '19:00', end_time: '20:00' })));
    expect(answers.map((one) => one.status).sort(), JSON.stringify(answers.map((one) => one.body.code))).toEqual([200, 409]);
    const loser = answers[0]?.status === 409 ? 0 : 1;
    expect(dates(await booking((loser === 0 ? a : b).client, both[loser]?.id))).toEqual(dates(both[loser]));
    raced++;
  }
  expect(raced).toBeGreaterThan(1);
});

const shifted = (date: string, days: number): string =>
  new Date(Date.parse(date) + 86_400_000 * days).toISOString().slice(0, 10);

//
test('end__seven_days_ahead__gives_back_what_follows', async ({ school }) => {
  const { club, made } = await series(school);
  expect((await act(club.client, made, 'end', { from: '2026-08-26' })).body.code).toBe('notice_too_short');
  const from = made.occurrences[3].slot.date as string;
  const ended = await act(club.client, made, 'end', { from });
  expect(ended.status, JSON.stringify(ended.body)).toBe(200);
  expect(dates(ended.body)).toEqual(dates(made).slice(0, 3));
  const history = (await club.client.get(`/api/booking/v1/bookings/${made.id}/history`)).body.items as Json[];
  expect(history.at(-1)).toMatchObject({ act: 'end_series', by_role: 'hirer' });
});

// S47
test('buffers__shortened_by_the_manager__never_by_the_hirer', async ({ school }) => {
  const { club, manager, made } = await series(school, 'association_free', 'gym');
  const before = await booking(manager, made.id);
  expect((await act(club.client, made, 'buffers', { buffer_after_min: 0 })).status).toBe(403);
  const longer = await act(manager, before, 'buffers', { buffer_after_min: before.buffers.after_min + 15 });
  expect(longer.status).toBe(422);
  const shorter = await act(manager, before, 'buffers', { buffer_after_min: 0 });
  expect(shorter.status, JSON.stringify(shorter.body)).toBe(200);
  expect(shorter.body.buffers.after_min).toBe(0);
});

// S65
test('monthly__quote_search_and_request__take_the_same_rule', async ({ school }) => {
  const club = await hirer(school);
  const query = 'interval_months=1&week_of_month=1&weekdays=tue&from=2026-09-15&until=2027-01-31&start_time=18:00&end_time=19:30';
  const found = (await club.client.get(`/api/search/v1/search?${query}&kind=classroom&limit=50`)).body;
  expect(found.when.kind).toBe('monthly');
  expect(found.dates_total).toBe(4);
  const room = found.items.find((i: Json) => i.strip === 'ffff');
  const when = { kind: 'monthly', interval_months: 1, week_of_month: 1, weekdays: ['tue'], from: '2026-09-15', until: '2027-01-31',
    start_time: '18:00', end_time: '19:30' };
  const quote = await club.client.post('/api/booking/v1/quotes', { organisation_id: club.organisation, offer_id: room.offer.offer_id, when });
  expect(quote.body.dates.map((d: Json) => d.slot.date)).toEqual(['2026-10-06', '2026-11-03', '2026-12-01', '2027-01-05']);
  const fifth = { ...when, week_of_month: 5 };
  const rare = await club.client.post('/api/booking/v1/quotes', { organisation_id: club.organisation, offer_id: room.offer.offer_id, when: fifth });
  expect(rare.body.skipped.map((s: Json) => s.reason)).toContain('no_such_day');
  const bad = await club.client.post('/api/booking/v1/quotes', { organisation_id: club.organisation, offer_id: room.offer.offer_id, when: { ...when, week_of_month: 7 } });
  expect(bad.status).toBe(422);
});

// The same over HTML forms, without a script.
test('pages__a_date_is_given_back_and_taken_again_with_forms_alone', async ({ school }) => {
  const { made } = await series(school);
  const { email, password } = school.account('association_free');
  const jar = new Map<string, string>();
  const open = async (path: string, form?: Record<string, string>): Promise<{ status: number; text: string; location: string }> => {
    const answer = await fetch(school.url() + path, { redirect: 'manual', method: form ? 'POST' : 'GET',
      headers: { Cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; '), Origin: school.url(),
        ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}) },
      ...(form ? { body: new URLSearchParams(form).toString() } : {}) });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = (cookie.split(';')[0] ?? '').split('=') as [string, string];
      jar.set(name, value);
    }
    return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') ?? '' };
  };
  const hidden = (html: string, action: string): Record<string, string> => {
    const form = html.split('<form').find((f) => f.includes(`action="${action}"`)) ?? '';
    return Object.fromEntries([...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map((m) => [m[1], m[2]]));
  };
  const signIn = await open('/connexion');
  await open('/connexion', { ...hidden(signIn.text, '/connexion'), email, password });
  const page = `/suivi/${made.id}/dates/${made.occurrences[1].id}`;
  const request = await open(`/suivi/${made.id}`);
  expect(request.text).toContain(`href="${page}"`);
  const date = await open(page);
  expect(date.status).toBe(200);
  const given = await open(`${page}/rendre`, hidden(date.text, `${page}/rendre`));
  expect(given.status, given.text).toBe(303);
  expect(given.location).toBe(`/suivi/${made.id}?fait=rendue`);
  const after = await open(page);
  expect(after.text).not.toContain(`${page}/rendre`);
  const again = await open(`${page}/reprendre`, hidden(after.text, `${page}/reprendre`));
  expect(again.status).toBe(303);
  const third = await open(page);
  const bad = await open(`${page}/deplacer`, { ...hidden(third.text, `${page}/deplacer`), scope: 'one', date: '2026-13-40',
    start_time: '18:00', end_time: '19:30' });
  expect(bad.status).toBe(422);
  expect(bad.text).toContain('id="e-date"');
});
