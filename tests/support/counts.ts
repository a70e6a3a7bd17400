// The plain closing line that scripts/test adds up.
import { writeFileSync } from 'node:fs';
import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';

export default class Counts implements Reporter {
  private readonly last = new Map<string, 'passed' | 'failed' | 'skipped'>();

  onTestEnd(test: TestCase, result: TestResult): void {
    const ok = result.status === test.expectedStatus;
    this.last.set(test.id, result.status === 'skipped' ? 'skipped' : ok ? 'passed' : 'failed');
  }

  onEnd(_result: FullResult): void {
    const count = (what: string): number => [...this.last.values()].filter((s) => s === what).length;
    const file = process.env['PREAU_COUNTS_FILE'];
    if (file) writeFileSync(file, `${count('passed')} ${count('failed')} ${count('skipped')}\n`);
  }
}
