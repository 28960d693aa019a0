import { type Backend, Predictor, type Samples, type SavedModel } from '@bitgrad/core';

/** Computes what a model says of samples. */
export interface Engine {
  /**
   * @param samples `[rows, features]`
   * @returns `[rows, outputs]`
   */
  run(samples: Samples): Promise<Float32Array>;
  /** How many runs go on at a time. */
  readonly width: number;
  /** Frees it, once what runs is done. */
  close(): Promise<void>;
}

/** Computes in this thread. */
export function localEngine(model: SavedModel, backend: Backend, rows: number): Engine {
  const predictor = new Predictor(model, backend, rows);
  return {
    width: 1,
    run: async (samples) => predictor.predict(samples),
    close: async () => predictor.close(),
  };
}
