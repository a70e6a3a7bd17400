// Everything that the services said to anybody during the other lanes, held against api/openapi: the
// services write each exchange down when PREAU_RECORD_TRAFFIC is set (tests only).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { parse } from 'yaml';

// ajv-formats is CommonJS with a default export; Node hands it over wrapped.
const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

interface Exchange {
  operation: string;
  method: string;
  target: string;
  status: number;
  content_type: string;
  request: string;
  response: string;
}

interface Operation {
  operationId: string;
  requestBody?: { content?: Record<string, { schema?: object }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema?: object }> }>;
}

const home = resolve(import.meta.dirname, '../..');
const folder = process.env['PREAU_TRAFFIC_DIR'] ?? join(home, 'test-results/traffic');
const contracts = readdirSync(join(home, 'api/openapi')).filter((f) => f.endsWith('.yaml'));

/** JSON pointer below a document's id. */
function pointer(...steps: string[]): string {
  return '#/' + steps.map((s) => encodeURIComponent(s.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
}

for (const file of contracts) {
  const service = file.replace('.yaml', '');
  test(`contract__${service}__recorded_traffic_matches_openapi`, () => {
    test.setTimeout(300_000);
    const document = parse(readFileSync(join(home, 'api/openapi', file), 'utf8')) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
    addFormats(ajv);
    ajv.addSchema(document as object, service);

    const operations = new Map<string, { path: string; method: string; operation: Operation }>();
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (operation?.operationId) operations.set(operation.operationId, { path, method, operation });
      }
    }
    expect(operations.size).toBeGreaterThan(0);

    const recorded = join(folder, `${service}.jsonl`);
    expect(existsSync(recorded), `no traffic of ${service} was recorded`).toBe(true);
    const seen = new Map<string, number>();
    const faults = new Map<string, string>();
    for (const line of readFileSync(recorded, 'utf8').split('\n')) {
      if (line === '') continue;
      const exchange = JSON.parse(line) as Exchange;
      const known = operations.get(exchange.operation);
      if (!known) {
        faults.set(`${exchange.operation}: not in ${file}`, exchange.target);
        continue;
      }
      seen.set(exchange.operation, (seen.get(exchange.operation) ?? 0) + 1);
      const fault = check(ajv, service, known, exchange);
      if (fault) faults.set(`${exchange.operation} ${exchange.status}: ${fault}`, exchange.response.slice(0, 300));
    }
    const unseen = [...operations.keys()].filter((id) => !seen.has(id));
    test.info().annotations.push({ type: 'exchanges', description: String([...seen.values()].reduce((a, b) => a + b, 0)) });
    test.info().annotations.push({ type: 'operations never called', description: unseen.join(', ') || 'none' });
    expect([...faults.entries()].slice(0, 10)).toEqual([]);
  });
}

/** The first way in which an exchange breaks the contract, or null. */
function check(ajv: Ajv2020, service: string, known: { path: string; method: string; operation: Operation },
  exchange: Exchange): string | null {
  const status = String(exchange.status);
  const declared = status in known.operation.responses ? status : 'default';
  const response = known.operation.responses[declared];
  if (!response) return 'the status is not declared';
  const type = exchange.content_type.split(';')[0] ?? '';
  if (exchange.status === 304 || exchange.status === 204 || exchange.response === '') return null;
  let base = ['paths', known.path, known.method, 'responses', declared];
  let content = response.content;
  if (response.$ref) {
    base = response.$ref.replace('#/', '').split('/');
    content = (ajv.getSchema(service)?.schema as { components: { responses: Record<string, Operation['responses'][string]> } })
      .components.responses[base.at(-1) ?? '']?.content;
  }
  // The front of the API passes on what a service says; that service's own contract holds it.
  if (exchange.operation === 'api') return null;
  if (!content?.[type]) return `the type ${type} is not declared`;
  if (/json$/.test(type)) {
    const fault = validate(ajv, service + pointer(...base, 'content', type, 'schema'), exchange.response);
    if (fault) return `answer: ${fault}`;
  }
  const body = known.operation.requestBody?.content?.['application/json'];
  if (body && exchange.status < 300 && exchange.request !== '') {
    const where = pointer('paths', known.path, known.method, 'requestBody', 'content', 'application/json', 'schema');
    const fault = validate(ajv, service + where, exchange.request);
    if (fault) return `request: ${fault}`;
  }
  return null;
}

function validate(ajv: Ajv2020, ref: string, text: string): string | null {
  const compiled = ajv.getSchema(ref) ?? ajv.compile({ $ref: ref });
  if (compiled(JSON.parse(text))) return null;
  return ajv.errorsText(compiled.errors);
}
