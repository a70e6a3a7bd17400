// A person in front of a browser: with or without JavaScript, wide or narrow. Every page that is
// opened is watched: no request to anybody else, no console error, no answer of 5xx.
import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import type { Stack } from './stack.ts';

export class Person {
  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly faults: string[],
  ) {}

  /** `elsewhere`: origins that the person is sent to on purpose, as the payment provider's. */
  static async open(browser: Browser, stack: Stack, options: BrowserContextOptions = {}, elsewhere: string[] = []): Promise<Person> {
    const context = await browser.newContext({ baseURL: stack.url(), locale: 'fr-FR', ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('request', (request) => {
      if (![stack.url(), ...elsewhere].some((origin) => request.url().startsWith(origin))) faults.push(`third party: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(`console: ${message.text()}`);
    });
    return new Person(page, context, faults);
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.page.goto('/connexion');
    await this.page.locator('#f-email').fill(email);
    await this.page.locator('#f-password').fill(password);
    await this.page.locator('form[action="/connexion"] button[type=submit]').click();
  }

  async close(): Promise<void> {
    await this.context.close();
    expect(this.faults).toEqual([]);
  }
}
