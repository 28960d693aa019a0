import type { Backend, Session } from '../backend.js';
import { BitgradError } from '../errors.js';
import { COUNT, POSITION, STEP } from '../program/program.js';
import { range } from '../random/stream.js';
import type { Recipe } from '../recipe.js';
import { compileInference, EVALUATION_ROWS } from './compile.js';
import { writeParameters } from './parameters.js';

/** A network with its parameters, and the recipe that says how inputs are prepared for it. */
export interface Model {
  readonly recipe: Recipe;
  /** All parameters in model order, without padding. */
  readonly parameters: Float32Array;
}

/** A model that a backend holds ready for samples. Close it when done. */
export class Predictor {
  private readonly session: Session;
  private readonly features: number;
  private readonly classes: number;

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
    writeParameters(this.session.memory, recipe, parameters);
    this.session.memory.u32('order').set(range(0, capacity));
    this.features = recipe.layers[0]!;
    this.classes = recipe.layers.at(-1)!;
  }

  /**
   * @param samples `[rows, features]`: bytes, or binary32 if the recipe's preprocess is `none`
   * @returns probabilities `[rows, classes]`, a copy
   * @throws BitgradError if `samples` does not fit
   */
  predict(samples: Uint8Array | Float32Array): Float32Array {
    const rows = samples.length / this.features;
    const isTable = this.model.recipe.preprocess === 'none';
    if (
      samples instanceof Float32Array !== isTable ||
      !Number.isInteger(rows) ||
      rows > this.capacity
    ) {
      throw new BitgradError(
        `predict: expected a ${isTable ? 'Float32Array' : 'Uint8Array'} [rows,${this.features}] of at most ${this.capacity} rows, received a ${samples.constructor.name} of ${samples.length}`,
      );
    }
    const { memory } = this.session;
    if (samples instanceof Uint8Array) memory.u8('samples').set(samples);
    else memory.f32('samples').set(samples);
    const control = memory.u32('control');
    control[POSITION] = 0;
    control[COUNT] = rows;
    control[STEP] = 0;
    this.session.run('predict', Math.ceil(rows / EVALUATION_ROWS));
    return memory.f32('probabilities').slice(0, rows * this.classes);
  }

  /** Frees the session. */
  close(): void {
    this.session.close();
  }
}
