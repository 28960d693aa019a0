import {
  AbortedError,
  BitgradError,
  type Dataset,
  encodeModel,
  Predictor,
  predictionOf,
  type Recipe,
  recipeFor,
  type SavedModel,
  train,
} from '@bitgrad/core';
import { openBackend } from '../worker/backends.js';
import type { Tell } from '../worker/protocol.js';
import { OPEN_GATE } from '../worker/step-gate.js';
import { VERSIONS } from '../worker/versions.js';

/** Learns from a reader's own data, and holds what came of it. */
export class Learner {
  private learned: SavedModel | undefined;
  private abortion: AbortController | undefined;

  constructor(private readonly tell: Tell) {}

  /** @throws BitgradError while nothing was learned */
  get model(): SavedModel {
    if (this.learned === undefined) throw new BitgradError('nothing was learned yet');
    return this.learned;
  }

  /** Begins something that `stop` may end. */
  begin(): AbortSignal {
    this.abortion?.abort();
    this.abortion = new AbortController();
    return this.abortion.signal;
  }

  stop(): void {
    this.abortion?.abort();
  }

  forget(): void {
    this.learned = undefined;
  }

  /** @throws AbortedError if `signal` has ended it */
  async learn(dataset: Dataset, signal: AbortSignal): Promise<SavedModel> {
    if (signal.aborted) throw new AbortedError('the training was stopped');
    const recipe: Recipe = recipeFor(dataset);
    const backend = await openBackend('wasm', this.tell);
    const trained = await train({
      recipe,
      dataset,
      backend,
      gate: OPEN_GATE,
      signal,
      onEpoch: ({ epoch, loss, validationLoss, validationAccuracy }) =>
        this.tell('tableEpoch', {
          epoch,
          epochs: recipe.epochs,
          loss,
          validationLoss,
          validationAccuracy,
        }),
    });
    if (signal.aborted) throw new AbortedError('the training was stopped');
    this.learned = { ...trained, run: { ...trained.run, versions: VERSIONS } };
    return this.learned;
  }

  /** What the model says of one sample. */
  async predict(samples: Uint8Array | Float32Array) {
    const { model } = this;
    const predictor = new Predictor(model, await openBackend('ts', this.tell));
    try {
      return predictionOf(model, predictor.predict(samples));
    } finally {
      predictor.close();
    }
  }

  /** The model as a file. */
  save(): Uint8Array {
    return encodeModel(this.model);
  }
}
