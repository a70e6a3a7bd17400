// Makes schema.json beside this file from the type declarations of the npm package `stripe`: the requests
// that this product sends and the answers that it reads, in the shapes of the newest API version. Run by
// scripts/lib/stripe-schema; nothing else needs the package.
//
//   node extract.js <folder of the package> <file to write>
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

interface Operation {
  method: string;
  path: string;
  request: string; // of the declarations, or empty
  answer: string;
}

const list = (of: string): string => `Stripe.ApiList<${of}>`;
const operations: Operation[] = [
  { method: 'POST', path: '/v1/checkout/sessions', request: 'Stripe.Checkout.SessionCreateParams', answer: 'Stripe.Checkout.Session' },
  { method: 'GET', path: '/v1/checkout/sessions', request: 'Stripe.Checkout.SessionListParams', answer: list('Stripe.Checkout.Session') },
  { method: 'GET', path: '/v1/checkout/sessions/{id}', request: 'Stripe.Checkout.SessionRetrieveParams', answer: 'Stripe.Checkout.Session' },
  { method: 'POST', path: '/v1/checkout/sessions/{id}/expire', request: 'Stripe.Checkout.SessionExpireParams', answer: 'Stripe.Checkout.Session' },
  { method: 'GET', path: '/v1/payment_intents/{id}', request: 'Stripe.PaymentIntentRetrieveParams', answer: 'Stripe.PaymentIntent' },
  { method: 'GET', path: '/v1/charges/{id}', request: 'Stripe.ChargeRetrieveParams', answer: 'Stripe.Charge' },
  { method: 'POST', path: '/v1/refunds', request: 'Stripe.RefundCreateParams', answer: 'Stripe.Refund' },
  { method: 'GET', path: '/v1/refunds', request: 'Stripe.RefundListParams', answer: list('Stripe.Refund') },
  { method: 'GET', path: '/v1/refunds/{id}', request: 'Stripe.RefundRetrieveParams', answer: 'Stripe.Refund' },
  { method: 'GET', path: '/v1/disputes/{id}', request: 'Stripe.DisputeRetrieveParams', answer: 'Stripe.Dispute' },
  { method: 'GET', path: '/v1/balance_transactions', request: 'Stripe.BalanceTransactionListParams', answer: list('Stripe.BalanceTransaction') },
  { method: 'GET', path: '/v1/balance_transactions/{id}', request: 'Stripe.BalanceTransactionRetrieveParams', answer: 'Stripe.BalanceTransaction' },
  { method: 'GET', path: '/v1/payouts', request: 'Stripe.PayoutListParams', answer: list('Stripe.Payout') },
  { method: 'GET', path: '/v1/payouts/{id}', request: 'Stripe.PayoutRetrieveParams', answer: 'Stripe.Payout' },
  { method: 'GET', path: '/v1/events', request: 'Stripe.EventListParams', answer: list('Stripe.EventBase') },
  { method: 'GET', path: '/v1/events/{id}', request: 'Stripe.EventRetrieveParams', answer: 'Stripe.EventBase' },
  { method: 'GET', path: '/v1/balance', request: 'Stripe.BalanceRetrieveParams', answer: 'Stripe.Balance' },
  { method: 'GET', path: '/v1/accounts/{id}', request: '', answer: 'Stripe.Account' },
];

const requestDepthMax = 4;
const answerDepthMax = 2;

type Schema = string | { [key: string]: unknown };

const [folder = '', target = ''] = process.argv.slice(2);
const entry = join(folder, 'entry.ts');
const alias = (n: number, side: string): string => `T${n}${side}`;
const source = ["import Stripe from './esm/stripe.esm.node.js';",
  ...operations.flatMap((o, n) => [
    ...(o.request ? [`export type ${alias(n, 'Request')} = ${o.request};`] : []),
    `export type ${alias(n, 'Answer')} = ${o.answer};`])].join('\n');
writeFileSync(entry, source);

const program = ts.createProgram([entry], { strict: true, skipLibCheck: true, noEmit: true,
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] });
const checker = program.getTypeChecker();
const file = program.getSourceFile(entry);
if (!file) throw new Error('no entry');
const wrong = program.getSemanticDiagnostics(file);
if (wrong.length > 0) throw new Error(wrong.map((d) => ts.flattenDiagnosticMessageText(d.messageText, ' ')).join('\n'));

// An object of the API by itself, which stands once under its own name.
const kindOf = (type: ts.Type): string | undefined => {
  const property = type.isClassOrInterface() ? type.getProperty('object') : undefined;
  if (!property) return undefined;
  const of = checker.getTypeOfSymbol(property);
  return of.isStringLiteral() ? of.value : undefined;
};
const definitions: { [kind: string]: Schema } = {};
const wanted = new Set(['checkout.session', 'payment_intent', 'charge', 'refund', 'dispute', 'balance_transaction', 'payout',
  'event', 'balance', 'account']);

const unique = (all: Schema[]): Schema[] => [...new Map(all.map((s) => [JSON.stringify(s), s])).values()];

function schemaOf(type: ts.Type, depth: number, strict: boolean): Schema {
  const flags = type.flags;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'any';
  if (flags & ts.TypeFlags.Null) return 'null';
  if (type.isStringLiteral()) return { enum: [type.value] };
  if (flags & ts.TypeFlags.BooleanLiteral) return 'boolean';
  if (flags & (ts.TypeFlags.Number | ts.TypeFlags.NumberLiteral)) return 'number';
  if (flags & ts.TypeFlags.String) return 'string';
  if (type.isUnion()) {
    const parts = unique(type.types.filter((t) => !(t.flags & ts.TypeFlags.Undefined)).map((t) => schemaOf(t, depth, strict)));
    if (parts.includes('any')) return 'any';
    const words = parts.flatMap((p) => (typeof p === 'object' && Array.isArray(p['enum']) ? (p['enum'] as string[]) : []));
    const rest = parts.filter((p) => !(typeof p === 'object' && Array.isArray(p['enum'])));
    // A list of words that may grow is a string.
    const all = words.length > 0 && !rest.includes('string') ? [{ enum: words.sort() }, ...rest] : rest;
    return all.length === 1 ? (all[0] as Schema) : { anyOf: all };
  }
  if (type.isIntersection()) return type.types.some((t) => t.flags & ts.TypeFlags.String) ? 'string' : 'any';
  if (checker.isArrayType(type)) {
    const of = checker.getTypeArguments(type as ts.TypeReference)[0];
    return { array: of ? schemaOf(of, depth, strict) : 'any' };
  }
  return objectOf(type, depth, strict);
}

function objectOf(type: ts.Type, depth: number, strict: boolean): Schema {
  const kind = kindOf(type);
  if (kind && !strict) {
    if (!wanted.has(kind)) return 'any';
    if (!(kind in definitions)) {
      definitions[kind] = 'any'; // it may hold itself
      definitions[kind] = membersOf(type, 0, strict);
    }
    return { ref: kind };
  }
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  if (index && type.getProperties().length === 0) return { map: schemaOf(index.type, depth + 1, strict) };
  if (depth >= (strict ? requestDepthMax : answerDepthMax)) return 'any';
  return membersOf(type, depth, strict);
}

function membersOf(type: ts.Type, depth: number, strict: boolean): Schema {
  const properties: { [name: string]: Schema } = {};
  const required: string[] = [];
  for (const property of type.getProperties()) {
    properties[property.name] = schemaOf(checker.getTypeOfSymbol(property), depth + 1, strict);
    if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
  }
  return { properties, required };
}

const aliases = new Map<string, ts.Type>();
for (const statement of file.statements) {
  if (ts.isTypeAliasDeclaration(statement)) aliases.set(statement.name.text, checker.getTypeFromTypeNode(statement.type));
}
const found = operations.map((o, n) => {
  const answer = aliases.get(alias(n, 'Answer'));
  if (!answer) throw new Error(o.answer);
  const element = o.answer.startsWith('Stripe.ApiList') ? checker.getTypeOfSymbol(answer.getProperty('data') as ts.Symbol) : undefined;
  const request = aliases.get(alias(n, 'Request'));
  return { method: o.method, path: o.path,
    request: request ? schemaOf(request, 0, true) : { properties: {}, required: [] },
    answer: element
      ? { properties: { object: { enum: ['list'] }, data: schemaOf(element, 0, false), has_more: 'boolean', url: 'string' },
          required: ['object', 'data', 'has_more', 'url'] }
      : schemaOf(answer, 0, false) };
});
const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version as string;
const api = /'([^']+)'/.exec(readFileSync(join(folder, 'esm/apiVersion.js'), 'utf8'))?.[1];
const lines = (all: [string, unknown][]): string => all.map(([k, v]) => `  ${JSON.stringify(k)}: ${JSON.stringify(v)}`).join(',\n');
writeFileSync(target, `{
"origin": ${JSON.stringify(`type declarations of the npm package stripe ${version} (MIT), by tests/contract/stripe/extract.ts`)},
"api_version": ${JSON.stringify(api)},
"operations": [
${found.map((o) => `  ${JSON.stringify(o)}`).join(',\n')}
],
"definitions": {
${lines(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)))}
}
}
`);
