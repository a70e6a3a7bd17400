// A program that uses the public JSON API. Every unsafe call gets an idempotency key of its own
// unless the test gives one.
import { randomUUID } from 'node:crypto';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are asserted, not typed
export type Json = any;

export interface Answer {
  status: number;
  body: Json;
  headers: Headers;
}

export class Client {
  token = '';

  constructor(readonly base: string) {}

  async signIn(email: string, password: string): Promise<void> {
    const answer = await this.send('POST', '/api/session', { email, password });
    if (answer.status !== 201) throw new Error(`sign-in: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.token = answer.body.session_token as string;
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: Json = {}, key: string = randomUUID()): Promise<Answer> {
    return this.send('POST', path, body, { 'Idempotency-Key': key });
  }

  async send(method: string, path: string, body?: Json, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    let parsed: Json = text;
    if (/json/.test(response.headers.get('content-type') ?? '')) parsed = text === '' ? null : JSON.parse(text);
    return { status: response.status, body: parsed, headers: response.headers };
  }
}
