// Every fixture in a real browser: both languages, light and dark, telephone and desk.

import type { Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect, test } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

import { fixtures, languages } from './render';
import { serve } from './server';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
type Look = readonly [language: (typeof languages)[number], colorScheme: 'light' | 'dark', width: number];
// The long lane looks at everything; the short one at each value of each kind, the worst together.
const looks: readonly Look[] = process.env['PREAU_LONG']
    ? languages.flatMap((language) =>
          (['light', 'dark'] as const).flatMap((scheme) => [320, 1280].map((width): Look => [language, scheme, width])))
    : [['fr', 'light', 1280], ['fr', 'dark', 320], ['en', 'light', 320]];

let url = '';
let server: Server;
test.beforeAll(async () => ({ url, server } = await serve()));
test.afterAll(() => server.close());

interface Fault {
    readonly rule: string;
    readonly where: string;
}

const violations = async (values: string[]): Promise<Fault[]> => {
    const options: RunOptions = { runOnly: { type: 'tag', values }, resultTypes: ['violations'] };
    const tool = (window as unknown as { axe: { run: (o: RunOptions) => Promise<AxeResults> } }).axe;
    const found = await tool.run(options);
    return found.violations.flatMap((v) => v.nodes.map((n) => ({ rule: v.id, where: `${n.html} ${n.failureSummary ?? ''}` })));
};

/** Widest thing that sticks out of the page, or false. */
const overflow = (): string | false => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return false;
    const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1);
    return out.map((e) => `${e.tagName}.${e.getAttribute('class') ?? ''}`).join(' ') || 'unknown';
};

for (const fixture of fixtures) {
    test(`${fixture} is accessible and fits`, async ({ browser }) => {
        const context = await browser.newContext({ javaScriptEnabled: true, bypassCSP: true });
        const page = await context.newPage();
        const problems: string[] = [];
        page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
        page.on('request', (request) => {
            if (!request.url().startsWith(url)) problems.push(`third party: ${request.url()}`);
        });
        for (const [language, colorScheme, width] of looks) {
            if (!page.url().endsWith(`/${language}/${fixture}`)) {
                await page.goto(`${url}/${language}/${fixture}`);
                await page.evaluate(axe);
            }
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await page.setViewportSize({ width, height: 900 });
            const label = `${language} ${colorScheme} ${width}`;
            expect(await page.evaluate(violations, tags), label).toEqual([]);
            expect(await page.evaluate(overflow), label).toBe(false);
        }
        await page.setViewportSize({ width: 320, height: 900 });
        await page.evaluate(() => document.querySelectorAll('details').forEach((d) => d.setAttribute('open', '')));
        expect(await page.evaluate(violations, tags), 'everything unfolded').toEqual([]);
        expect(await page.evaluate(overflow), 'everything unfolded').toBe(false);
        expect(problems).toEqual([]);
        await context.close();
    });
}

test('pages work under the security policy without a word on the console', async ({ browser }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    for (const fixture of ['home', 'search_weekly', 'room', 'inbox']) {
        await page.goto(`${url}/fr/${fixture}`);
        const icon = await page.locator('.brand svg use').evaluate((use) => (use as SVGUseElement).getBBox().width);
        expect(icon).toBeGreaterThan(10);
    }
    expect(problems).toEqual([]);
    await context.close();
});

test('without JavaScript the form shows the fields of the chosen rhythm only', async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${url}/fr/home`);
    await expect(page.getByLabel(/première date/)).toBeVisible();
    await expect(page.getByLabel('le (date)')).toBeHidden();
    await page.getByLabel('Une seule date').check();
    await expect(page.getByLabel(/première date/)).toBeHidden();
    await expect(page.getByLabel('le (date)')).toBeVisible();
    await context.close();
});

test('without JavaScript a telephone shows one day at a time', async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${url}/fr/room_plain`);
    await expect(page.locator('.day:visible')).toHaveCount(1);
    await expect(page.locator('.day:visible h3')).toHaveText('mardi 15 septembre');
    await page.getByRole('radio').nth(1).press('ArrowRight');
    await expect(page.locator('.day:visible h3')).toHaveText('mercredi 16 septembre');
    await context.close();
});

test('wider text spacing hides no control and no text', async ({ browser }) => {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 320, height: 900 } });
    const page = await context.newPage();
    for (const fixture of ['search_weekly', 'room', 'request_form', 'inbox']) {
        await page.goto(`${url}/fr/${fixture}`);
        await page.addStyleTag({
            content: '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }',
        });
        expect(await page.evaluate(overflow), fixture).toBe(false);
    }
    await context.close();
});

test('paper carries the states in words and no buttons', async ({ page }) => {
    await page.setViewportSize({ width: 700, height: 1000 }); // A4 without its margins
    await page.goto(`${url}/fr/request`);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.btn:visible')).toHaveCount(0);
    await expect(page.getByText('laissée de côté').first()).toBeAttached();
    await page.goto(`${url}/fr/room`);
    await expect(page.getByRole('table', { name: /semaine du 14/ })).toBeVisible();
});
