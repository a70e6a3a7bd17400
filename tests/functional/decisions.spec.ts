// What lies between a request and its decision, over the public JSON API: some dates, a question,
// something else held out.
import { expect, test } from '../support/fixtures.ts';
import { ask, booking, decide, evening, freeRoom, hirer, until } from '../support/road.ts';
import type { Json } from '../support/client.ts';

const week = (date: string, n: number): string => {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + 7 * n);
  return at.toISOString().slice(0, 10);
};

test('decision__some_dates__the_others_are_left_out_and_free_again', async ({ stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 1, '18:00', '19:00');
  const dates = [when.date, week(when.date, 1), week(when.date, 2)];
  const asked = { kind: 'dates', dates, start_time: '18:00', end_time: '19:00' } as never;
  const sent = await ask(club, { offer, when: asked, onConflict: 'skip' });
  expect(sent.status).toBe(201);
  const planned = sent.body.occurrences.filter((o: Json) => o.state === 'planned');
  expect(planned.length).toBeGreaterThan(1);

  const none = await decide(manager, sent.body.id, 'accept', { occurrence_ids: [], reason_code: 'no_staff' });
  expect(none.status).toBe(422);
  const bare = await decide(manager, sent.body.id, 'accept', { occurrence_ids: [planned[0].id] });
  expect(bare.status).toBe(422);
  expect(bare.body.code).toBe('reason_required');
  const granted = await decide(manager, sent.body.id, 'accept',
    { occurrence_ids: [planned[0].id], reason_code: 'no_staff', reason_text: 'Un seul soir avec un agent.' });
  expect(granted.status).toBe(200);
  expect(granted.body.dates_count).toBe(1);
  expect(granted.body.decision.reason_text).toBe('Un seul soir avec un agent.');
  const undone = await decide(manager, sent.body.id, 'undo');
  expect(undone.body.state).toBe('submitted');
  expect(undone.body.dates_count).toBe(planned.length);
  expect(undone.body.price).toEqual(sent.body.price);

  const again = await decide(manager, sent.body.id, 'accept',
    { occurrence_ids: [planned[0].id], reason_code: 'no_staff' });
  expect(again.status).toBe(200);
  await until('confirmation', async () => (await booking(club.client, sent.body.id)).state === 'confirmed');
  await until('a date that was left out to be free', async () =>
    (await ask(club, { offer, when: evening(planned[1].slot.date, '18:00', '19:00') })).status === 201);
});

test('decision__question__is_answered_and_the_deadline_begins_anew', async ({ stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 2, '18:00', '19:00');
  const sent = await ask(club, { offer, when });
  expect((await decide(manager, sent.body.id, 'ask-documents', { text: '' })).status).toBe(422);
  const asked = await decide(manager, sent.body.id, 'ask-documents', { text: 'L’attestation de 2027.' });
  expect(asked.status).toBe(200);
  expect(asked.body.state).toBe('awaiting_documents');
  // S84
  for (const act of ['accept', 'propose', 'ask-documents']) {
    const late = await decide(manager, sent.body.id, act, { text: 'Encore', message: 'Encore' });
    expect(late.status).toBe(409);
    expect(late.body.code).toBe('already_decided');
    expect(late.body.decision.by_role).toBe('manager');
  }
  const other = await hirer(stack, 'association_paying');
  expect((await other.client.post(`/api/booking/v1/bookings/${sent.body.id}/provide-documents`,
    { version: asked.body.version, text: 'Moi' })).status).toBe(404);
  const answered = await decide(club.client, sent.body.id, 'provide-documents', { text: 'Envoyée ce matin.' });
  expect(answered.status).toBe(200);
  expect(answered.body.state).toBe('submitted');
  expect(answered.body.answered).toBe('Envoyée ce matin.');
  expect(Date.parse(answered.body.answer_by)).toBeGreaterThan(stack.businessNow().getTime());
  const accepted = await decide(manager, sent.body.id, 'accept');
  expect(accepted.status).toBe(200);
});

// S83
test('decision__something_else__is_held_until_the_hirer_answers', async ({ stack }) => {
  const club = await hirer(stack);
  const other = await hirer(stack, 'association_paying');
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 4, '18:00', '20:00');
  const sent = await ask(club, { offer, when: evening(when.date, '18:00', '19:00') });
  const { occurrences } = sent.body;
  const later = { occurrence_id: occurrences[0].id, date: when.date, start_time: '19:00', end_time: '20:00' };
  const proposed = await decide(manager, sent.body.id, 'propose', { message: 'Plutôt à dix-neuf heures.', replace: [later] });
  expect(proposed.status).toBe(200);
  expect(proposed.body.state).toBe('counter_proposed');
  expect(proposed.body.proposal.occurrences[0].slot.start_time).toBe('19:00');
  for (const hours of [['18:00', '19:00'], ['19:00', '20:00']] as const) {
    const taken = await ask(other, { offer, when: evening(when.date, hours[0], hours[1]) });
    expect(taken.status).toBe(409);
    expect(taken.body.code).toBe('overlap');
  }
  const accepted = await decide(club.client, sent.body.id, 'accept-proposal');
  expect(accepted.status).toBe(200);
  expect(['accepted', 'confirmed']).toContain(accepted.body.state);
  expect(accepted.body.proposal).toBeNull();
  expect(accepted.body.occurrences.map((o: Json) => o.state)).toEqual(['left_out', 'planned']);
  const freed = await ask(other, { offer, when: evening(when.date, '18:00', '19:00') });
  expect(freed.status).toBe(201);
});

test('decision__proposal_declined__frees_both_and_ends_the_request', async ({ stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 5, '18:00', '20:00');
  const sent = await ask(club, { offer, when: evening(when.date, '18:00', '19:00') });
  const instead = evening(when.date, '18:30', '19:30');
  const proposed = await decide(manager, sent.body.id, 'propose', { message: 'Une demi-heure plus tard.', when: instead });
  expect(proposed.status).toBe(200);
  const declined = await decide(club.client, sent.body.id, 'decline-proposal', { reason_text: 'Trop tard pour les enfants.' });
  expect(declined.status).toBe(200);
  expect(declined.body.state).toBe('refused');
  expect(declined.body.decision.by_role).toBe('hirer');
  expect((await ask(club, { offer, when })).status).toBe(201);
});
