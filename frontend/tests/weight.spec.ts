// Budgets of web.md, and what can be said about a page without a browser.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

import { expect, test } from '@playwright/test';

import { fixtures, languages, render, renderView, root, styles } from './render';

const weight = (content: string | Buffer): number => brotliCompressSync(content).length;

test('all styles weigh at most 10 KB', () => {
    expect(weight(styles)).toBeLessThanOrEqual(10_000);
});

test('icons and drawings weigh at most 6 KB together, a drawing at most 2 KB', () => {
    const read = (name: string): string => readFileSync(join(root, 'assets', name), 'utf8');
    expect(weight(read('sprite.svg')) + weight(read('drawings.svg'))).toBeLessThanOrEqual(6_000);
    for (const symbol of read('drawings.svg').split('\n')) expect(symbol.length).toBeLessThan(2_048);
});

for (const fixture of fixtures) {
    test(`${fixture} renders whole, light and self-contained`, () => {
        for (const language of languages) {
            const { html, faults } = render(fixture, language);
            expect(faults).toEqual([]);
            expect(weight(html)).toBeLessThanOrEqual(15_000);
            expect(html).not.toMatch(/\{\{|<script|\sstyle="|\son\w+="|javascript:/);
            expect(html.match(/<h1/g)).toHaveLength(1);
            for (const form of html.split('<form').slice(1)) {
                const body = form.split('</form>')[0] ?? '';
                if (body.includes('method="post"')) expect(body).toContain('name="csrf"');
            }
        }
    });
}

test('what the gateway would not forgive is noticed', () => {
    const template = '{{known}}{{unknown}}{{#empty}}x{{/empty}}{{flag}}';
    const { faults } = renderView({ template: 'page', known: 'a', empty: '', flag: false }, { page: template });
    expect(faults).toEqual(['nothing is called unknown', 'empty is a condition and an empty string', 'flag is shown and is no text']);
});

test('titles are unique, and begin with "Erreur" exactly when there are errors', () => {
    const titles = fixtures.map((name) => /<title>(.*)<\/title>/.exec(render(name, 'fr').html)?.[1] ?? '');
    const known = titles.filter((title, i) => titles.indexOf(title) !== i);
    expect(known).toEqual([]);
    fixtures.forEach((name, i) => expect(titles[i]?.startsWith('Erreur'), name).toBe(name.endsWith('_errors')));
});

test('every icon and drawing that a page uses exists, and every asset is used', () => {
    const pages = fixtures.map((name) => render(name, 'fr').html).join('');
    for (const file of ['sprite', 'drawings', 'isere']) {
        const ids = new Set([...readFileSync(join(root, `assets/${file}.svg`), 'utf8').matchAll(/ id="([\w-]+)"/g)].map((m) => m[1]));
        const used = new Set([...pages.matchAll(new RegExp(`/static/${file}\\.svg#([\\w-]+)`, 'g'))].map((m) => m[1]));
        for (const id of used) expect(ids.has(id), `${file}#${id}`).toBe(true);
    }
    expect(readdirSync(join(root, 'assets')).sort()).toEqual(['drawings.svg', 'favicon.svg', 'isere.svg', 'robots.txt', 'sprite.svg']);
});
