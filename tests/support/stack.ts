// The real services of one data directory, started by the same script as scripts/start uses.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from './client.ts';

const run = promisify(execFile);
const home = resolve(import.meta.dirname, '../..');
const script = join(home, 'scripts/lib/stack');
const binaries = process.env['PREAU_BIN'] ?? join(home, 'build/debug/bin');

export type Engine = 'sqlite' | 'mariadb';
export const services = ['accounts', 'inventory', 'booking', 'payment', 'notification', 'search', 'gateway'] as const;
export type Service = (typeof services)[number];

export interface DemoAccount {
  role: string;
  name: string;
  email: string;
  password: string;
}

export interface StackOptions {
  engine: Engine;
  demo?: boolean;
  /** Business time at the start, "2026-06-15T10:00:00+02:00"; default: the machine's. */
  now?: string;
  /** Further environment of the services, as { PREAU_TEST_UNSAFE_GUARD: 'no_key' }. */
  env?: Record<string, string>;
  /** Settings of one service that differ from config/demo.toml: { 'booking.undo_window_s': 1 }. */
  settings?: Record<string, number>;
}

/** A service looks its settings up under its own table first: [booking.booking] undo_window_s = 1. */
function ownTables(settings: Record<string, number>): string {
  const lines = new Map<string, string[]>();
  for (const [path, value] of Object.entries(settings)) {
    const [service, key] = path.split('.') as [string, string];
    lines.set(service, [...(lines.get(service) ?? []), `${key} = ${value}`]);
  }
  return [...lines].map(([service, keys]) => `\n[${service}.${service}]\n${keys.join('\n')}\n`).join('');
}

let portNext = 18_000 + (process.pid % 200) * 40;
let schemaNext = 0;

export class Stack {
  private constructor(
    readonly dir: string,
    readonly engine: Engine,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** A fresh data directory, loaded and started. */
  static async start(options: StackOptions): Promise<Stack> {
    const dir = mkdtempSync(join(tmpdir(), 'preau-test-'));
    const clock = join(dir, 'clock');
    const offset = options.now ? Math.round((Date.parse(options.now) - Date.now()) / 1000) : 0;
    writeFileSync(clock, `${offset}\n`);
    const env: NodeJS.ProcessEnv = { ...process.env, PREAU_CLOCK_FILE: clock, ...options.env };
    const traffic = process.env['PREAU_TRAFFIC_DIR'];
    if (traffic) {
      mkdirSync(traffic, { recursive: true });
      env['PREAU_RECORD_TRAFFIC'] = traffic;
    }
    env['PREAU_SCHEMA_PREFIX'] = `t${process.pid}_${schemaNext++}`;
    const config = join(dir, 'test.toml');
    writeFileSync(config, readFileSync(join(home, 'config/demo.toml'), 'utf8') + ownTables(options.settings ?? {}));
    const stack = new Stack(dir, options.engine, env);
    const database = options.engine === 'sqlite' ? 'sqlite' : process.env['PREAU_TEST_MARIADB'];
    if (!database) throw new Error('PREAU_TEST_MARIADB is not set: run scripts/test');
    portNext += 20;
    await stack.script('init', '--port', String(portNext), '--database', database, '--bin', binaries,
      '--config', config);
    await stack.load(options);
    await stack.script('start');
    return stack;
  }

  /**
   * What is loaded follows from the day alone. On SQLite it is loaded once for all stacks of one run of
   * scripts/test (which names and removes the folder), and copied for the next.
   */
  private async load(options: StackOptions): Promise<void> {
    const kept = process.env['PREAU_LOADED_DIR'];
    const demo = options.demo !== false;
    const load = () => this.script('load', ...(demo ? [] : ['--no-demo']));
    if (!kept || this.engine !== 'sqlite') return void (await load());
    const loaded = join(kept, `${this.businessNow().toISOString().slice(0, 10)}${demo ? '' : '-empty'}`);
    const isLoaded = (name: string) => name.endsWith('.db') || name === 'demo-accounts.json';
    if (existsSync(loaded)) return cpSync(loaded, this.dir, { recursive: true });
    await load();
    await this.script('stop');
    const unfinished = mkdtempSync(join(kept, 'unfinished-'));
    for (const name of readdirSync(this.dir).filter(isLoaded)) cpSync(join(this.dir, name), join(unfinished, name));
    renameSync(unfinished, loaded);
  }

  async script(command: string, ...args: string[]): Promise<string> {
    try {
      const { stdout } = await run(script, [command, this.dir, ...args], { env: this.env });
      return stdout;
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      throw new Error(`stack ${command} ${args.join(' ')}: ${stderr ?? String(error)}`);
    }
  }

  /** Runs a command of a service beside it: what it prints, and its exit code. */
  async command(service: Service, ...args: string[]): Promise<{ code: number; told: string }> {
    try {
      const { stdout } = await run(script, ['run', this.dir, service, ...args], { env: this.env });
      return { code: 0, told: stdout };
    } catch (error) {
      const { code, stdout } = error as { code?: number; stdout?: string };
      return { code: code ?? -1, told: stdout ?? String(error) };
    }
  }

  url(service: Service = 'gateway'): string {
    const text = readFileSync(join(this.dir, 'run.json'), 'utf8');
    const peers = JSON.parse(text) as { services: Record<string, { url: string }> };
    const peer = peers.services[service];
    if (!peer) throw new Error(`no ${service} in run.json`);
    return peer.url;
  }

  /** Where the simulated payment provider listens. */
  simulatorUrl(): string {
    const run = JSON.parse(readFileSync(join(this.dir, 'run.json'), 'utf8')) as { simulator?: { url: string } };
    if (!run.simulator) throw new Error('this stack has no simulated provider');
    return run.simulator.url;
  }

  accounts(): DemoAccount[] {
    return JSON.parse(readFileSync(join(this.dir, 'demo-accounts.json'), 'utf8')) as DemoAccount[];
  }

  account(role: string): DemoAccount {
    const found = this.accounts().find((a) => a.role === role);
    if (!found) throw new Error(`no demonstration account with role ${role}`);
    return found;
  }

  /** A client of the public JSON API: of nobody, or signed in with a role's demonstration account. */
  async client(role?: string): Promise<Client> {
    const client = new Client(this.url());
    if (role) {
      const { email, password } = this.account(role);
      await client.signIn(email, password);
    }
    return client;
  }

  /** Moves business time for all services at once. */
  setBusinessTime(now: string): void {
    writeFileSync(join(this.dir, 'clock'), `${Math.round((Date.parse(now) - Date.now()) / 1000)}\n`);
  }

  businessNow(): Date {
    const offset = Number(readFileSync(join(this.dir, 'clock'), 'utf8'));
    return new Date(Date.now() + offset * 1000);
  }

  async kill(...services: Service[]): Promise<void> {
    await this.script('kill', ...services);
    for (const service of services) await this.expectSilence(service);
  }

  async stopServices(...services: Service[]): Promise<void> {
    await this.script('stop', ...services);
    for (const service of services) await this.expectSilence(service);
  }

  /** A test of what an end does must not pass because nothing ended. */
  private async expectSilence(service: Service): Promise<void> {
    const answers = await fetch(`${this.url(service)}/healthz`).then(() => true, () => false);
    if (answers) throw new Error(`${service} was ended and still answers`);
  }

  async startServices(...services: Service[]): Promise<void> {
    await this.script('start', ...services);
  }

  pid(service: Service): number {
    return Number(readFileSync(join(this.dir, 'run', `${service}.pid`), 'utf8'));
  }

  /** Stops everything; the directory is kept for reading when PREAU_KEEP is set. */
  async end(): Promise<void> {
    await this.script('stop');
    const keep = process.env['PREAU_KEEP'];
    if (keep && existsSync(this.dir)) cpSync(this.dir, join(keep, `stack-${process.pid}-${Date.now()}`), { recursive: true });
    rmSync(this.dir, { recursive: true, force: true });
  }
}
