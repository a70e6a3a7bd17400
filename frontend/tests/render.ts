// Renders the templates with the fixtures as the gateway does, and keeps a list of what it would not forgive:
// names that exist nowhere, empty strings used as conditions (kainjow::mustache takes them for true), and
// lists or booleans where text is shown.

import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import Mustache from 'mustache';

export const root = join(import.meta.dirname ?? __dirname, '..');
export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];
export type Json = string | boolean | Json[] | { [name: string]: Json };
export type View = Record<string, Json>;

const json = (path: string): View => JSON.parse(readFileSync(join(root, path), 'utf8')) as View;
const namesIn = (folder: string, ending: string): string[] =>
    readdirSync(join(root, folder))
        .filter((name) => name.endsWith(ending))
        .map((name) => basename(name, ending))
        .sort();

export const messages: Record<Language, View> = { fr: json('messages/fr.json'), en: json('messages/en.json') };
export const fixtures = namesIn('tests/fixtures', '.json').filter((name) => !name.startsWith('_'));
export const templates: Record<string, string> = Object.fromEntries(
    namesIn('templates', '.mustache').map((name) => [name, readFileSync(join(root, `templates/${name}.mustache`), 'utf8')]),
);
export const styles = namesIn('styles', '.css')
    .map((name) => readFileSync(join(root, `styles/${name}.css`), 'utf8'))
    .join('');

/** The view model of a fixture in one language, with what the gateway adds to every page. */
export function view(fixture: string, language: Language): View {
    const model: View = { ...json('tests/fixtures/_common.json'), ...json(`tests/fixtures/${fixture}.json`) };
    const t = messages[language];
    const page = model['page_key'];
    return {
        ...model,
        lang: language,
        t,
        ...(typeof page === 'string' ? { page: (t['page'] as View)[page] as Json } : {}),
    };
}

export interface Rendered {
    readonly html: string;
    readonly faults: string[];
}

export function render(fixture: string, language: Language): Rendered {
    return renderView(view(fixture, language), templates);
}

export function renderView(model: View, partials: Record<string, string>): Rendered {
    const faults: string[] = [];
    const lookup = Mustache.Context.prototype.lookup;
    const section = (Mustache.Writer.prototype as unknown as { renderSection: (...a: unknown[]) => unknown }).renderSection;
    Mustache.Context.prototype.lookup = function (name: string): unknown {
        const value: unknown = lookup.call(this, name);
        if (value === undefined) faults.push(`nothing is called ${name}`);
        return value;
    };
    const writer = Mustache.Writer.prototype as unknown as { renderSection: (...a: unknown[]) => unknown };
    writer.renderSection = function (...args: unknown[]): unknown {
        const [token, context] = args as [string[], Mustache.Context];
        if (lookup.call(context, token[1] ?? '') === '') faults.push(`${token[1]} is a condition and an empty string`);
        return section.apply(this, args);
    };
    const prototype = Mustache.Writer.prototype as unknown as { escapedValue: (...a: unknown[]) => string };
    const escapedValue = prototype.escapedValue;
    prototype.escapedValue = function (...args: unknown[]): string {
        const [token, context] = args as [string[], Mustache.Context];
        const value: unknown = lookup.call(context, token[1] ?? '');
        if (value !== undefined && typeof value !== 'string') faults.push(`${token[1]} is shown and is no text`);
        return escapedValue.apply(this, args);
    };
    try {
        const name = model['template'];
        const template = typeof name === 'string' ? partials[name] : undefined;
        if (template === undefined) throw new Error(`no template ${String(name)}`);
        return { html: Mustache.render(template, model, partials), faults: [...new Set(faults)] };
    } finally {
        Mustache.Context.prototype.lookup = lookup;
        writer.renderSection = section;
        prototype.escapedValue = escapedValue;
    }
}
