import { type Backend, BitgradError, show } from '@bitgrad/core';
import { textOf } from '../arguments.js';
import { BACKEND_NAMES, isRequired, loadBackend } from '../backends.js';
import { type Command, valueOption } from '../command.js';
import { formatCount, plural } from '../format.js';
import { emit, print } from '../output.js';
import { runSuite } from '../run-suite.js';
import { soak } from '../soak/soak.js';
import { UsageError } from '../usage-error.js';

/** `bitgrad conformance`. */
export const conformanceCommand: Command = {
  options: {
    backend: valueOption(`all, or one of ${BACKEND_NAMES.join(', ')}`, 'all', 'Machine:'),
    soak: valueOption(
      'a check of the processor: the cases again and again, for so many minutes, on every core at once',
      undefined,
      'Machine:',
    ),
  },
  examples: [
    ['conformance', 'every backend that loads here'],
    ['conformance --backend native', 'one; it is an error if it does not load'],
    ['conformance --soak 60', 'an hour on every core; names the core and the case that differ'],
  ],

  async run(argv, context) {
    const name = textOf(argv, 'backend') ?? 'all';
    const minutes = minutesOf(textOf(argv, 'soak'));
    const backends =
      name === 'all' ? await loadAll(context.json) : [await loadBackend(name, {}, 'all')];
    if (minutes !== null) {
      context.heedSignals();
      return soak(
        backends.map((backend) => backend.name),
        minutes,
        context,
      );
    }
    // Only here, because the suite's golden numbers would slow every other command's start.
    const { suite } = await import('@bitgrad/conformance');
    const cases = suite();
    context.heedSignals();
    let [passed, failed] = [0, 0];
    for (const backend of backends) {
      const counts = await runSuite(cases, backend, context);
      passed += counts.passed;
      failed += counts.failed;
    }
    if (context.json) emit({ event: 'end', passed, failed });
    else {
      const counts = `${formatCount(passed)} passed, ${formatCount(failed)} failed`;
      print(`${plural(backends.length, 'backend')}: ${counts}`);
    }
    return failed === 0;
  },
};

/** The longest time that is waited for: a year. */
const MOST_MINUTES = 525_600;

/**
 * Minutes of `--soak`, or null without it.
 *
 * @throws UsageError if they are no time
 */
function minutesOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const minutes = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (minutes > 0 && minutes <= MOST_MINUTES) return minutes;
  throw new UsageError(
    `--soak: expected minutes, more than 0 and at most ${MOST_MINUTES}, received ${show(text)}`,
  );
}

/** Every backend that loads here; says which do not. */
async function loadAll(json: boolean): Promise<Backend[]> {
  const backends: Backend[] = [];
  for (const name of BACKEND_NAMES) {
    try {
      backends.push(await loadBackend(name, {}));
    } catch (error) {
      if (!(error instanceof BitgradError) || isRequired(name)) throw error;
      if (json) emit({ event: 'skipped', backend: name, reason: error.message });
      else print(`not checked: ${error.message}`);
    }
  }
  return backends;
}
