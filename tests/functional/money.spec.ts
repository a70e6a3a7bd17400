// The road of the money over the public JSON API: price, payment, refund, payout, bank line. A stack of
// its own, because it moves business time.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, withTown } from '../support/fixtures.ts';
import type { Stack } from '../support/stack.ts';
import { acceptedBooking, balanceOf, checkout, expectLedgerRight, paymentOf, provider, reached } from '../support/money.ts';
import { ask, booking, decide, freeRoom, hirer, searchQuery, until } from '../support/road.ts';
import type { Json } from '../support/client.ts';

const test = withTown();
test.describe.configure({ mode: 'serial' });

const day = 86_400_000;
const later = (stack: Stack, ms: number): void =>
  stack.setBusinessTime(new Date(stack.businessNow().getTime() + ms).toISOString());

test('price__search_quote_and_booking__say_the_same_cents', async ({ town }) => {
  const club = await hirer(town, 'association_paying');
  const { offer, when, space } = await freeRoom(town, club.client, 'polyvalente', 2);
  const found = (await club.client.get(searchQuery(when, { kind: 'polyvalente', category: 'B', limit: '100' }))).body;
  expect(found.price_category).toBe('B');
  const listed = found.items.find((i: Json) => i.space_id === space);
  const quote = await club.client.post('/api/booking/v1/quotes', { organisation_id: club.organisation, offer_id: offer, when });
  expect([200, 201]).toContain(quote.status);
  expect(listed.price.amount).toBe(quote.body.price.total.amount);
  expect(quote.body.price.total.amount).toBe(1600); // 2 h × 8 €, category B (grid 2026)
  // What a client says about the price is not heard. // S92
  const sent = await club.client.post('/api/booking/v1/bookings', { organisation_id: club.organisation, offer_id: offer, when,
    purpose: 'Atelier', headcount: 10, terms_version: quote.body.terms.version, terms_accepted: true, on_conflict: 'fail',
    quote_id: quote.body.quote_id, price: { total: { amount: 1, currency: 'EUR' } } });
  expect([201, 422]).toContain(sent.status);
  const made = sent.status === 201 ? sent
    : await ask(club, { offer, when });
  expect(made.body.price.total.amount).toBe(1600);
});

// F-01, F-13
test('payment__paid_at_the_provider__signed_webhook_confirms_the_booking', async ({ town }) => {
  const due = await acceptedBooking(town, 3);
  expect(due.booking.requirement.payment).toBe('before');
  expect(due.booking.state).toBe('accepted');
  expect(due.payment.amount).toEqual(due.booking.price.total);
  const [one, two] = await Promise.all([checkout(due), checkout(due)]);
  expect(two).toBe(one);
  await provider(town).payer(one, 'pay');
  await reached(due, 'confirmed');
  const paid = await until('the payment to be paid', async () => {
    const p = await paymentOf(due.club.client, due.booking.id);
    return p?.status === 'paid' && p;
  });
  expect(paid.method).toBe('card');
  const finance = await town.client('finance');
  const trial = await expectLedgerRight(finance, due.payment.establishment_id);
  expect(balanceOf(trial, 'psp_clearing')).toBeGreaterThanOrEqual(due.payment.amount.amount);
  const again = await due.club.client.post(`/api/payment/v1/payments/${due.payment.id}/checkout`);
  expect(again.status).toBe(409);
  expect(again.body.code).toBe('already_paid');
});

// F-02
test('payment__webhook_never_comes__sync_settles', async ({ town }) => {
  const due = await acceptedBooking(town, 4);
  const url = await checkout(due);
  await provider(town).webhooks('drop');
  try {
    await provider(town).payer(url, 'pay');
    const synced = await due.club.client.post(`/api/payment/v1/payments/${due.payment.id}/sync`);
    expect(synced.body.status).toBe('paid');
    await reached(due, 'confirmed');
  } finally {
    await provider(town).webhooks('deliver');
  }
});

// F-03, F-15
test('payment__declined_then_paid_with_doubled_webhooks__is_paid_once', async ({ town }) => {
  const due = await acceptedBooking(town, 5);
  const url = await checkout(due);
  await provider(town).webhooks('duplicate');
  try {
    await provider(town).payer(url, 'decline');
    await provider(town).payer(url, 'pay');
    await reached(due, 'confirmed');
  } finally {
    await provider(town).webhooks('deliver');
  }
  const finance = await town.client('finance');
  await expectLedgerRight(finance, due.payment.establishment_id);
  const entries = (await finance.get(`/api/payment/v1/ledger/entries?establishment_id=${due.payment.establishment_id}&payment_id=${due.payment.id}`)).body.items;
  const collected = entries.flatMap((e: Json) => e.postings).filter((p: Json) => p.account === 'psp_clearing');
  expect(collected.map((p: Json) => p.debit.amount)).toEqual([due.payment.amount.amount]);
});

// F-06
test('webhook__forged_or_old__is_refused_and_changes_nothing', async ({ town }) => {
  const due = await acceptedBooking(town, 2);
  const body = JSON.stringify({ id: 'evt_forged', type: 'checkout.session.completed', account: 'acct_x', data: { object: { id: 'cs_x' } } });
  for (const signature of ['', 't=1,v1=00', `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`, `t=${Math.floor(Date.now() / 1000)},v0=${'0'.repeat(64)}`]) {
    const answer = await fetch(`${town.url()}/webhooks/stripe/connect`, { method: 'POST', body,
      headers: { 'Content-Type': 'application/json', ...(signature ? { 'Stripe-Signature': signature } : {}) } });
    expect(answer.status, signature).toBe(400);
  }
  expect((await booking(due.club.client, due.booking.id)).state).toBe('accepted');
});

// S88, F-47
test('payment__another_organisations_or_establishments__is_not_found', async ({ town }) => {
  const due = await acceptedBooking(town, 1);
  const other = await hirer(town);
  for (const path of [`/api/payment/v1/payments/${due.payment.id}`]) {
    expect((await other.client.get(path)).status).toBe(404);
  }
  expect((await other.client.post(`/api/payment/v1/payments/${due.payment.id}/checkout`)).status).toBe(404);
  const stranger = await other.client.get(`/api/payment/v1/ledger/trial-balance?establishment_id=${due.payment.establishment_id}`);
  expect([403, 404]).toContain(stranger.status);
});

test('payment__cancelled_in_time__is_refunded_in_full_and_the_ledger_returns_to_zero', async ({ town }) => {
  const due = await acceptedBooking(town, 2, 'auditorium');
  await provider(town).payer(await checkout(due), 'pay');
  await reached(due, 'confirmed');
  const { first_start: start, occurrences } = await booking(due.club.client, due.booking.id);
  const starts = Date.parse(start ?? occurrences[0].slot.start);
  const inTime = starts - town.businessNow().getTime() >= 15 * day;
  const cancelled = await decide(due.club.client, due.booking.id, 'cancel');
  expect(cancelled.status, JSON.stringify(cancelled.body)).toBe(200);
  const refunded = await until('the refund', async () => {
    const p = await paymentOf(due.club.client, due.booking.id);
    return p?.refunds.some((r: Json) => r.status === 'succeeded') && p;
  });
  // in full until fifteen days before, half until seven.
  const share = inTime ? due.payment.amount.amount : due.payment.amount.amount / 2;
  expect(refunded.refunded.amount).toBe(share);
  const finance = await town.client('finance');
  const trial = await expectLedgerRight(finance, due.payment.establishment_id);
  expect(balanceOf(trial, 'refund_due')).toBe(0);
});

test('payout__bank_line_of_the_same_amount__is_matched_to_the_cent', async ({ town }) => {
  const due = await acceptedBooking(town, 3, 'auditorium');
  const establishment = due.payment.establishment_id;
  await provider(town).payer(await checkout(due), 'pay');
  await reached(due, 'confirmed');
  const finance = await town.client('finance');
  await provider(town).order('payouts');
  await until('the payout', async () => {
    await finance.post(`/api/payment/v1/payouts/sync?establishment_id=${establishment}`);
    return (await finance.get(`/api/payment/v1/payouts?establishment_id=${establishment}`)).body.items.length > 0;
  });
  const payouts = (await finance.get(`/api/payment/v1/payouts?establishment_id=${establishment}`)).body.items;
  for (const payout of payouts) expect(payout.itemised.amount).toBe(payout.amount.amount);

  const uai = (await finance.get(`/api/inventory/v1/establishments/${establishment}`)).body.uai;
  const csv = await provider(town).bankStatement(`acct_demo_${uai}`);
  const path = `/api/payment/v1/bank-statements?establishment_id=${establishment}`;
  const headers = (key: string): Record<string, string> => ({ 'Content-Type': 'text/csv', 'Idempotency-Key': key });
  const broken = await finance.send('POST', path, `${csv}pas une date;X;12,00;Y\n`, headers('broken-statement-1'));
  expect(broken.status).toBe(422); // F-40
  expect(JSON.stringify(broken.body.errors)).toContain('/lines/');
  const laughs = await finance.send('POST', path, '<!DOCTYPE lolz [<!ENTITY a "b">]><Document>&a;</Document>', headers('hostile-statement'));
  expect(laughs.status).toBe(422); // F-40
  const huge = await finance.send('POST', path, `date;libelle;montant\n${'x'.repeat(9 * 1024 * 1024)}`, headers('huge-statement-1'));
  expect(huge.status).toBe(413); // F-40
  const imported = await finance.send('POST', path, csv, headers('good-statement-1'));
  expect(imported.status, JSON.stringify(imported.body)).toBe(201);
  expect(imported.body.matched).toBe(payouts.length);
  expect(imported.body.unmatched).toBe(0);
  const twice = await finance.send('POST', path, csv, headers('good-statement-2')); // F-39
  expect(twice.status).toBe(200);
  expect(twice.body.already_imported).toBe(true);

  const trial = await expectLedgerRight(finance, establishment);
  expect(balanceOf(trial, 'payout_transit')).toBe(0);
  expect(balanceOf(trial, 'bank')).toBe(payouts.reduce((sum: number, p: Json) => sum + p.amount.amount, 0));
  const summary = (await finance.get(`/api/payment/v1/reconciliation/summary?establishment_id=${establishment}`)).body;
  expect(summary.difference.amount).toBe(0);
  expect(summary.to_look_at).toEqual([]);

  const journal = await finance.get(`/api/payment/v1/exports/journal.csv?establishment_id=${establishment}`);
  const rows = (journal.body as string).replace(/^\uFEFF/, '').trim().split(/\r?\n/).slice(1).map((r) => r.split(';'));
  const cents = (text: string): number => Math.round(Number(text.replace(',', '.') || '0') * 100);
  const sum = (column: number): number => rows.reduce((s, r) => s + cents(r[column] ?? ''), 0);
  expect(rows.length).toBeGreaterThan(0);
  expect(sum(5)).toBe(sum(6));
  expect(sum(5)).toBe(trial.debit.amount);
});

// F-16
test('hold__nobody_pays__expires_and_frees_the_room', async ({ town }) => {
  const due = await acceptedBooking(town, 4, 'auditorium');
  later(town, 7 * day + 3_600_000);
  await reached(due, 'expired', 40_000);
  const gone = await until('the payment to end', async () => {
    const p = await paymentOf(due.club.client, due.booking.id);
    return (p?.status === 'expired' || p?.status === 'canceled') && p;
  });
  expect(gone.refunded.amount).toBe(0);
  const refused = await due.club.client.post(`/api/payment/v1/payments/${due.payment.id}/checkout`);
  expect(refused.status).toBe(409);
  const finance = await town.client('finance');
  await expectLedgerRight(finance, due.payment.establishment_id);
});

// F-17
test('hold__payer_was_quicker_than_the_deadline__booking_is_confirmed', async ({ town }) => {
  const due = await acceptedBooking(town, 5, 'auditorium');
  const url = await checkout(due);
  await provider(town).webhooks('drop');
  try {
    await provider(town).payer(url, 'pay');
    later(town, 7 * day + 3_600_000);
    await reached(due, 'confirmed', 40_000);
  } finally {
    await provider(town).webhooks('deliver');
  }
});

// F-04
test('hold__cheque_after_the_deadline_slot_still_free__is_taken_again', async ({ town }) => {
  const due = await acceptedBooking(town, 2, 'classroom');
  later(town, 7 * day + 3_600_000);
  await reached(due, 'expired', 40_000);
  await until('the payment to end', async () => ['expired', 'canceled'].includes((await paymentOf(due.club.client, due.booking.id))?.status));
  const finance = await town.client('finance');
  const receipt = await finance.post(`/api/payment/v1/payments/${due.payment.id}/offline-receipt`,
    { method: 'cheque', reference: '0012345', received_on: town.businessNow().toISOString().slice(0, 10) });
  expect(receipt.status, JSON.stringify(receipt.body)).toBe(200);
  await reached(due, 'confirmed');
  await expectLedgerRight(finance, due.payment.establishment_id);
});

// F-05
test('hold__cheque_after_the_deadline_slot_taken__is_refunded_in_full', async ({ town }) => {
  const due = await acceptedBooking(town, 3, 'classroom');
  later(town, 7 * day + 3_600_000);
  await reached(due, 'expired', 40_000);
  await until('the payment to end', async () => ['expired', 'canceled'].includes((await paymentOf(due.club.client, due.booking.id))?.status));
  const rival = await hirer(town);
  const slot = due.booking.occurrences[0].slot;
  const taken = await ask(rival, { offer: due.booking.offer_id,
    when: { kind: 'single', date: slot.date, start_time: slot.start_time, end_time: slot.end_time } });
  expect(taken.status, JSON.stringify(taken.body)).toBe(201);
  const finance = await town.client('finance');
  await finance.post(`/api/payment/v1/payments/${due.payment.id}/offline-receipt`,
    { method: 'cheque', reference: '0012346', received_on: town.businessNow().toISOString().slice(0, 10) });
  const owed = await until('the refund', async () => {
    const p = await paymentOf(due.club.client, due.booking.id);
    return p?.refunds.length > 0 && p;
  });
  expect(owed.refunds.reduce((s: number, r: Json) => s + r.amount.amount, 0)).toBe(due.payment.amount.amount);
  expect((await booking(due.club.client, due.booking.id)).state).toBe('expired');
  await expectLedgerRight(finance, due.payment.establishment_id);
});

// F-31, F-34, S104
test('refund__asked_by_the_officer_then_disputed__is_executed_once_and_then_refused', async ({ town }) => {
  const due = await acceptedBooking(town, 1, 'auditorium');
  await provider(town).payer(await checkout(due), 'pay');
  await reached(due, 'confirmed');
  const finance = await town.client('finance');
  const part = Math.round(due.payment.amount.amount / 3);
  const path = `/api/payment/v1/payments/${due.payment.id}/refunds`;
  const order = (amount: number): Json => ({ amount: { amount, currency: 'EUR' }, reason: 'partly_used' });
  expect((await due.club.client.post(path, order(part))).status).toBe(403);
  const asked = await finance.post(path, order(part), 'officer-refund-1');
  expect(asked.status, JSON.stringify(asked.body)).toBe(201);
  expect((await finance.post(path, order(part), 'officer-refund-1')).body).toEqual(asked.body);
  const refunded = await until('the refund', async () => {
    const p = await paymentOf(due.club.client, due.booking.id);
    return p?.refunded.amount === part && p;
  });
  expect(refunded.refunds.length).toBe(1);
  expect(refunded.refund_state).toBe('partial');
  expect((await booking(due.club.client, due.booking.id)).state).toBe('confirmed');
  const all = await finance.post(path, order(due.payment.amount.amount));
  expect([all.status, all.body.code]).toEqual([422, 'refund_exceeds_paid']);

  const uai = (await finance.get(`/api/inventory/v1/establishments/${due.payment.establishment_id}`)).body.uai;
  const charge = (await provider(town).events(`acct_demo_${uai}`, 'charge.succeeded'))
    .find((c: Json) => c.metadata.payment_id === due.payment.id);
  await provider(town).order('disputes', { account: `acct_demo_${uai}`, payment_intent: charge.payment_intent, amount: 100 });
  await until('the dispute', async () => (await paymentOf(due.club.client, due.booking.id))?.dispute_state === 'open');
  const during = await finance.post(path, order(1));
  expect([during.status, during.body.code]).toEqual([409, 'dispute_open']);
  const trial = await expectLedgerRight(finance, due.payment.establishment_id);
  expect(balanceOf(trial, 'dispute_hold')).toBe(100);
});

test('logs__after_all_that_money__name_no_key_no_person_and_no_account', async ({ town }) => {
  const secrets = /sk_(test|live)_[A-Za-z0-9]{6}|whsec_[A-Za-z0-9]{6}|\bFR\d{2}[ ]?[0-9A-Z]{4}[ ]?[0-9A-Z]{4}|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[a-z]{2,}/;
  const logs = readdirSync(town.dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  expect(logs.length).toBeGreaterThan(0);
  for (const name of logs) {
    const found = readFileSync(join(town.dir, name), 'utf8').split('\n').filter((line) => secrets.test(line));
    expect(found.slice(0, 3), name).toEqual([]);
  }
  expect(secrets.test('{"to":"marie@judo.fr"}')).toBe(true); // the control
});
