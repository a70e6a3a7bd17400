// The road of the money: a hirer who pays, the simulated provider's controls, a finance officer.
import { expect } from './fixtures.ts';
import { ask, booking, decide, freeRoom, hirer, until, type Hirer } from './road.ts';
import type { Client, Json } from './client.ts';
import type { Stack } from './stack.ts';

/** What tests may order the simulated provider to do (tests/simulators/stripe/control.hpp). */
export class Provider {
  constructor(private readonly base: string) {}

  async order(path: string, body: Json = {}): Promise<Json> {
    const response = await fetch(`${this.base}/_control/${path}`, { method: 'POST',
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`provider: ${path} ${response.status} ${await response.text()}`);
    return response.json();
  }

  webhooks(mode: 'deliver' | 'hold' | 'duplicate' | 'shuffle' | 'drop'): Promise<Json> {
    return this.order('webhooks', { mode });
  }

  /** The payer at the hosted page of this checkout address. */
  payer(checkoutUrl: string, act: 'pay' | 'decline'): Promise<Json> {
    const session = new URL(checkoutUrl).pathname.split('/').at(-1);
    return this.order('pay', { session, act });
  }

  /** The objects of the events of one kind, newest first. */
  async events(account: string, type: string): Promise<Json[]> {
    const response = await fetch(`${this.base}/_control/events?account=${account}&type=${type}`);
    return ((await response.json()) as { objects: Json[] }).objects;
  }

  async bankStatement(account: string): Promise<string> {
    return (await fetch(`${this.base}/_control/bank.csv?account=${account}`)).text();
  }
}

export function provider(stack: Stack): Provider {
  return new Provider(stack.simulatorUrl());
}

export interface Due {
  club: Hirer;
  booking: Json;
  payment: Json;
}

/** A booking of a paying association, accepted, whose payment waits for the payer. */
export async function acceptedBooking(stack: Stack, weekday: number, kind = 'polyvalente'): Promise<Due> {
  const club = await hirer(stack, 'association_paying');
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, kind, weekday);
  const sent = await ask(club, { offer, when });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  expect((await decide(manager, sent.body.id, 'accept')).status).toBe(200);
  const payment = await until('the payment to be due', async () => (await paymentOf(club.client, sent.body.id)) ?? false);
  return { club, booking: await booking(club.client, sent.body.id), payment };
}

export async function paymentOf(client: Client, bookingId: string): Promise<Json | undefined> {
  return (await client.get(`/api/payment/v1/payments?booking_id=${bookingId}`)).body.items?.[0];
}

export async function checkout(due: Due): Promise<string> {
  const answer = await until('the page of the provider', async () => {
    const opened = await due.club.client.post(`/api/payment/v1/payments/${due.payment.id}/checkout`);
    if (opened.status === 200) return opened.body.url as string;
    expect(opened.status, JSON.stringify(opened.body)).toBe(503);
    return false;
  });
  return answer as string;
}

/** The booking once it has reached `state`. */
export async function reached(due: Due, state: string, ms = 20_000): Promise<Json> {
  return until(`booking ${due.booking.reference} to be ${state}`, async () => {
    const now = await booking(due.club.client, due.booking.id);
    return now.state === state && now;
  }, ms);
}

export async function expectLedgerRight(finance: Client, establishment: string): Promise<Json> {
  const query = `establishment_id=${establishment}`;
  const balance = (await finance.get(`/api/payment/v1/ledger/trial-balance?${query}`)).body;
  expect(balance.balanced).toBe(true);
  expect(balance.debit.amount).toBe(balance.credit.amount);
  const verified = (await finance.get(`/api/payment/v1/ledger/verify?${query}`)).body;
  expect(verified.faults).toEqual([]);
  expect(verified.ok).toBe(true);
  return balance;
}

/** Balance (debit minus credit, cents) of one account. */
export function balanceOf(trial: Json, account: string): number {
  return trial.accounts.find((a: Json) => a.account === account)?.balance.amount ?? 0;
}
