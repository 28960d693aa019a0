// A process of a sweep: it loads the data once, and trains what it is told.

import { encodeModel, NonFiniteError, type Recipe, train } from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats';
import { chooseBackend } from '../backends.js';
import { loadData } from '../data-options.js';
import { installedVersions } from '../versions.js';
import { keepOutcome, type Outcome } from './trial.js';

/** What a process is told first. */
export interface Begin {
  readonly data: string;
  readonly loadOptions: LoadOptions;
  readonly folder: string;
  readonly backend: string;
  readonly isa: string | undefined;
  readonly threads: string;
}

/** What a process is told to train, one after the other. */
export interface Order {
  readonly name: string;
  readonly recipe: Recipe;
}

/** What it answers. */
export type Answer =
  | { readonly name: string; readonly outcome: Outcome; readonly seconds: number }
  | { readonly error: string; readonly fix: string | undefined };

type Given = { readonly begin: Begin } | { readonly order: Order };

const answer = (message: Answer): unknown => process.send!(message);
let work: Promise<(order: Order) => Promise<void>>;

process.on('message', (given: Given) => {
  if ('begin' in given) work = begin(given.begin);
  const ordered = 'order' in given ? work.then((run) => run(given.order)) : work;
  ordered.catch((error: Error & { fix?: string }) =>
    answer({ error: error.message, fix: error.fix }),
  );
});
// Whoever asked is gone.
process.on('disconnect', () => process.exit());

async function begin(given: Begin): Promise<(order: Order) => Promise<void>> {
  const { folder } = given;
  const dataset = await loadData(given.data, given.loadOptions);
  const { backend } = await chooseBackend(given.backend, given.threads, given.isa);
  return async ({ name, recipe }) => {
    const begun = performance.now();
    let outcome: Outcome;
    let bytes: Uint8Array | null = null;
    try {
      const model = await train({ recipe, dataset, backend });
      const run = { ...model.run, versions: installedVersions() };
      bytes = encodeModel({ ...model, run });
      outcome = { receipt: model.receipt };
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      outcome = { error: error.message };
    }
    await keepOutcome(folder, name, outcome, bytes);
    answer({ name, outcome, seconds: (performance.now() - begun) / 1000 });
  };
}
