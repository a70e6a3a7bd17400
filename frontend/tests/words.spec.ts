// The catalogues: same keys, same placeholders, a sentence for every refusal, French typography.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { messages, root, templates, type Json } from './render';

function flatten(value: Json, path = ''): [string, string][] {
    if (typeof value === 'string') return [[path, value]];
    if (typeof value === 'boolean') return [[path, String(value)]];
    const entries: [string, Json][] = Array.isArray(value) ? value.map((v, i) => [String(i), v]) : Object.entries(value);
    return entries.flatMap(([key, v]) => flatten(v, path === '' ? key : `${path}.${key}`));
}

const fr = new Map(flatten(messages.fr));
const en = new Map(flatten(messages.en));
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();

test('both languages have the same keys', () => {
    expect([...en.keys()]).toEqual([...fr.keys()]);
});

test('both languages have the same placeholders', () => {
    const different = [...fr].filter(([key, text]) => `${placeholders(text)}` !== `${placeholders(en.get(key) ?? '')}`);
    expect(different.map(([key]) => key)).toEqual([]);
});

test('no sentence is empty', () => {
    const empty = [...fr, ...en].filter(([key, text]) => text.trim() === '' && !key.startsWith('format.'));
    expect(empty).toEqual([]);
});

test('every plural has both forms', () => {
    const ones = [...fr.keys()].filter((key) => key.endsWith('.one')).map((key) => key.slice(0, -4));
    expect(ones.length).toBeGreaterThan(30);
    for (const key of ones) expect(fr.has(`${key}.other`), key).toBe(true);
});

test('every error code has a sentence, and no sentence is without a code', () => {
    const yaml = readFileSync(join(root, '../api/problems.yaml'), 'utf8');
    const codes = [...yaml.matchAll(/^([a-z_]+):/gm)].map((m) => m[1]);
    expect(codes.length).toBeGreaterThan(40);
    const told = [...fr.keys()].filter((key) => key.startsWith('problem.')).map((key) => key.slice(8));
    expect(told.sort()).toEqual([...codes].sort());
});

test('French sentences follow French typography', () => {
    const faults = [...fr].filter(
        ([key, text]) =>
            !key.startsWith('format.') &&
            (/ [:;!?%€»]|« |'/.test(text) || /[^\s\u00a0\u202f:/{}][;!?»](\s|$)/.test(text) || /\w\.\.\./.test(text)),
    );
    expect(faults).toEqual([]);
});

test('no button says only "Valider" or "OK", and no sentence shouts', () => {
    const faults = [...fr].filter(([, text]) => /^(valider|ok|soumettre|cliquez)/i.test(text) || text.includes('!'));
    expect(faults).toEqual([]);
});

test('templates name only sentences that exist', () => {
    const names = new Set(
        Object.values(templates).flatMap((text) => [...text.matchAll(/\{\{[#^/]?t\.([\w.]+)\}\}/g)].map((m) => m[1] ?? '')),
    );
    expect(names.size).toBeGreaterThan(100);
    const known = [...fr.keys()];
    for (const name of names) expect(fr.has(name) || known.some((key) => key.startsWith(`${name}.`)), name).toBe(true);
});

const codeOf = (folder: string): string =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.cpp'))
        .map((name) => readFileSync(join(root, folder, name), 'utf8'))
        .join('\n');

test('the gateway names only sentences that exist', () => {
    const calls = codeOf('../services/gateway/pages').matchAll(/\b(?:text|fill|count)\(\s*"([a-z_]+(?:\.\w+)+)"\s*[,)]/g);
    const names = new Set([...calls].map((m) => m[1] ?? ''));
    expect(names.size).toBeGreaterThan(50);
    for (const name of names) expect(fr.has(name) || fr.has(`${name}.one`), name).toBe(true);
});

test('every kind of equipment and purpose that a room can have has a word', () => {
    const code = codeOf('../services/inventory/domain');
    for (const [member, group] of [['equipment', 'equipment'], ['purposes', 'purpose']] as const) {
        const lists = code.matchAll(new RegExp(`space\\.${member}(?:, | = )\\{([^}]*)\\}`, 'g'));
        const words = [...lists].flatMap((m) => [...(m[1] ?? '').matchAll(/"(\w+)"/g)].map((w) => w[1] ?? ''));
        expect(words.length).toBeGreaterThan(5);
        for (const word of words) expect(fr.has(`${group}.${word}`), `${group}.${word}`).toBe(true);
    }
});

test('templates hold no sentence of their own', () => {
    for (const [name, text] of Object.entries(templates)) {
        const bare = text
            .replace(/\{\{[^}]*\}\}/g, ' ')
            .replace(/<[^>]*>/g, ' ')
            .replace(/<!doctype html>/i, ' ');
        expect(bare.match(/\p{L}{2,}/gu)?.filter((word) => word !== 'Préau') ?? [], name).toEqual([]);
    }
});
