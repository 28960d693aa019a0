import type { Recipe } from '@bitgrad/core';
import { signal } from '@preact/signals';
import { DATA_FOLDER, startWorker, tellError } from '../../state/worker.js';
import { WorkerClient, type WorkerError } from '../../worker/client.js';
import { BACKEND_NAMES, type BackendName } from '../../worker/protocol.js';

/** The digests that each backend has got so far. */
export interface RaceState {
  readonly wasm: readonly string[];
  readonly ts: readonly string[];
  readonly isOver: boolean;
}

export const EPOCHS_SHOWN = 5;

export const race = signal<RaceState | null>(null);

let runners: WorkerClient[] = [];

/** Trains on both backends at once, each in a worker of its own, for the first epochs. */
export async function startRace(recipe: Recipe): Promise<void> {
  stopRace();
  race.value = { wasm: [], ts: [], isOver: false };
  const running = BACKEND_NAMES.map((name) => runOn(name, recipe));
  const mine = runners;
  const outcomes = await Promise.allSettled(running);
  if (mine !== runners) return;
  for (const outcome of outcomes) if (outcome.status === 'rejected') tellError(outcome.reason);
  stopRace();
}

export function stopRace(): void {
  for (const runner of runners) runner.end();
  runners = [];
  if (race.value) race.value = { ...race.value, isOver: true };
}

function runOn(name: BackendName, recipe: Recipe): Promise<void> {
  return new Promise((resolve, reject) => {
    const runner = new WorkerClient(
      startWorker,
      DATA_FOLDER,
      {
        epoch: ({ epoch, weightsSha256 }) => {
          const { value } = race;
          if (value) race.value = { ...value, [name]: [...value[name], weightsSha256] };
          if (epoch < EPOCHS_SHOWN) return;
          runner.end();
        },
      },
      () => undefined,
    );
    runners.push(runner);
    runner
      .request('train', { recipe, data: 'first', backend: name, ownDigits: [], twist: null })
      .then(
        () => resolve(),
        // Ending it early, on purpose, is no failure.
        (error: WorkerError) => (error.isAborted ? resolve() : reject(error)),
      );
  });
}
