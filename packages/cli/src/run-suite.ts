import { setImmediate } from 'node:timers/promises';
import type { Case } from '@bitgrad/conformance';
import { AbortedError, type Backend } from '@bitgrad/core';
import { describeBackend } from './backends.js';
import type { Context } from './command.js';
import { formatSeconds } from './format.js';
import { colorsOf, emit, print } from './output.js';

interface Failure {
  readonly name: string;
  readonly message: string;
}

interface GroupResult {
  readonly group: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
  readonly seconds: number;
}

/** How many cases went which way. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs a suite's cases on one backend and reports each group as it is done.
 *
 * @throws AbortedError if the context's signal fired between two cases
 */
export async function runSuite(
  cases: readonly Case[],
  backend: Backend,
  { json, signal }: Context,
): Promise<Counts> {
  const { bold } = colorsOf(process.stdout);
  if (!json) print(bold(describeBackend(backend)));
  let [passed, failed] = [0, 0];
  for (const [group, members] of groupCases(cases)) {
    const result = await runGroup(group, members, backend, signal);
    passed += result.passed;
    failed += result.failures.length;
    if (json) emit({ event: 'group', backend: backend.name, ...result });
    else printGroup(result);
  }
  return { passed, failed };
}

async function runGroup(
  group: string,
  cases: readonly Case[],
  backend: Backend,
  signal: AbortSignal,
): Promise<GroupResult> {
  const begun = performance.now();
  const failures: Failure[] = [];
  for (const one of cases) {
    // Ctrl-C is heard only when the event loop turns.
    await setImmediate();
    if (signal.aborted) throw new AbortedError('the check was interrupted');
    try {
      await one.run(backend);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push({ name: one.name, message });
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  return { group, passed: cases.length - failures.length, failures, seconds };
}

function printGroup({ group, passed, failures, seconds }: GroupResult): void {
  const { dim, green, red } = colorsOf(process.stdout);
  const [mark, counts] =
    failures.length === 0
      ? [green('✓'), `${passed} passed`]
      : [red('✗'), `${passed} passed, ${failures.length} failed`];
  print(`  ${mark} ${group}: ${counts} ${dim(`(${formatSeconds(seconds)})`)}`);
  for (const { name, message } of failures) {
    const [first, ...more] = message.split('\n');
    print(`      ${red(name)}: ${first}`);
    for (const line of more) print(`        ${line}`);
  }
}

function groupCases(cases: readonly Case[]): Map<string, Case[]> {
  const groups = new Map<string, Case[]>();
  for (const one of cases) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}
