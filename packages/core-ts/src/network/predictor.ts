import type { Backend, Session } from '../backend.js';
import { fillMissing } from '../data/fill-missing.js';
import { BitgradError } from '../errors.js';
import { beginPass } from '../program/session.js';
import { range } from '../random/stream.js';
import { restore, standardize } from '../train/standardize.js';
import { compileInference, EVALUATION_ROWS } from './compile.js';
import { resolve } from './graph.js';
import type { Model } from './model.js';
import { taskOf } from './network.js';
import { writeParameters } from './parameters.js';

/** A model that a backend holds ready for samples. Close it when done. */
export class Predictor {
  private readonly session: Session;
  private readonly features: number;
  private readonly outputs: number;
  // The session's slices, looked up once: a call takes microseconds.
  private readonly samples: Uint8Array | Float32Array;
  private readonly results: Float32Array;

  /**
   * @param capacity the most samples of one call
   * @throws BitgradError if there is not enough memory
   */
  constructor(
    private readonly model: Model,
    backend: Backend,
    private readonly capacity = 1,
  ) {
    const { recipe, parameters } = model;
    const input = { sampleCount: capacity, capacity, preprocess: recipe.preprocess, shift: null };
    this.session = backend.open(compileInference(recipe, input));
    const { memory } = this.session;
    writeParameters(memory, recipe, parameters);
    memory.u32('order').set(range(0, capacity));
    this.samples = recipe.preprocess === 'none' ? memory.f32('samples') : memory.u8('samples');
    this.results = memory.f32(taskOf(recipe) === 'regression' ? 'outputs' : 'probabilities');
    const { features, outputs } = resolve(recipe);
    this.features = features;
    this.outputs = outputs;
  }

  /**
   * @param samples `[rows, features]`: bytes, or binary32 if the recipe's preprocess is `none`
   *   (a table's own numbers: missing ones, NaN, are replaced here, and all are standardised, if the
   *   model's were)
   * @param result `[rows, outputs]`, where to write what is predicted, to spare a new array
   * @returns probabilities `[rows, classes]` (of each label's yes), or numbers `[rows, outputs]`: `result`, or a new array
   * @throws BitgradError if `samples` or `result` does not fit
   */
  predict(samples: Uint8Array | Float32Array, result?: Float32Array): Float32Array {
    const rows = this.checkedRows(samples);
    const length = rows * this.outputs;
    if (result !== undefined && result.length !== length) {
      throw new BitgradError(
        `predict: expected a result of ${length} numbers, received one of ${result.length}`,
      );
    }
    const { standardization, encoding } = this.model;
    const whole = fillMissing(samples, encoding);
    if (whole instanceof Float32Array && standardization) {
      standardize(whole, standardization, this.samples as Float32Array);
    } else {
      this.samples.set(whole);
    }
    beginPass(this.session.memory, rows);
    this.session.run('predict', Math.ceil(rows / EVALUATION_ROWS));
    const { targetStandardization } = this.model;
    const out = result ?? new Float32Array(length);
    // Faster than `set` where they are few, as those of one sample are.
    for (let i = 0; i < length; i += 1) out[i] = this.results[i]!;
    if (targetStandardization) restore(out, targetStandardization);
    return out;
  }

  /** Frees the session. */
  close(): void {
    this.session.close();
  }

  private checkedRows(samples: Uint8Array | Float32Array): number {
    const { features, capacity, model } = this;
    const isTable = model.recipe.preprocess === 'none';
    const rows = samples.length / features;
    if (samples instanceof Float32Array === isTable && Number.isInteger(rows) && rows <= capacity) {
      return rows;
    }
    throw new BitgradError(
      `predict: expected a ${isTable ? 'Float32Array' : 'Uint8Array'} [rows,${features}] of at most ${capacity} rows, received a ${samples.constructor.name} of ${samples.length}`,
    );
  }
}
