/** Takes the SHA-256 of samples (`datasetSha256`) while they are made. */
export interface DigestMeanwhile {
  /** Memory for `[samples, features]`, all 0. */
  makeInputs(length: number): Float32Array;
  /** Says how many of the inputs are as they will be, from the first on. */
  take(filled: number): void;
  /**
   * The digest, once all inputs are there; undefined where it was not taken.
   *
   * @param targets labels or values
   */
  finish(targets: Uint32Array | Float32Array): Promise<string | undefined>;
  /** Frees what it holds. */
  stop(): void;
}
