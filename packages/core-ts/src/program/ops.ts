/**
 * The operations that a program is made of. This file is their one definition: operands, shapes,
 * equation and order of sums. `backend-ts/` is the living form of the same words, and every other
 * backend must give its bits.
 *
 * Legend: `rows` is the number of samples in this step (the last step of a pass may have fewer);
 * `position` is the number of samples of this pass already done; `step` the number of steps
 * already done; `in` and `out` are a dense layer's widths. Operands are names of slices. Matrices
 * are row-major. Every `+ − × ÷` rounds once to binary32, and every sum starts from +0 and runs in
 * index order.
 */

/** A dimension: a fixed number, or the number of rows of the step. */
export type Dimension = number | 'rows';

export type Preprocess = 'none' | 'binarize' | 'scale';
export type ActivationName = 'relu' | 'sigmoid' | 'tanh' | 'leaky-relu' | 'elu';

/**
 * Fetches the step's samples: `input[r, f] = prepare(samples[order[position + r], f])`.
 *
 * - `none`: samples are binary32 and are copied.
 * - `binarize`: samples are bytes; 1 where the byte is above 0, else 0.
 * - `scale`: samples are bytes; byte ÷ 255.
 *
 * With `shifts`, a sample is an image `[height, width]` that moves right by `shifts[p, 0]` and down
 * by `shifts[p, 1]` pixels at `p = position + r`; zeros come in from the edges.
 */
export interface Gather {
  readonly op: 'gather';
  /** `[sampleCount, features]`, bytes or binary32. */
  readonly samples: string;
  /** `[capacity]` sample indices in the order of this pass. */
  readonly order: string;
  /** `[capacity, 2]`, or null where images stay where they are. */
  readonly shifts: string | null;
  /** `[rows, features]`. */
  readonly input: string;
  readonly sampleCount: number;
  readonly features: number;
  /** The image's size where `shifts` are given, else 0. */
  readonly height: number;
  readonly width: number;
  readonly preprocess: Preprocess;
}

/** Fetches the step's class indices: `targets[r] = labels[order[position + r]]`. */
export interface GatherTargets {
  readonly op: 'gatherTargets';
  /** `[sampleCount]`. */
  readonly labels: string;
  /** `[capacity]`. */
  readonly order: string;
  /** `[rows]`. */
  readonly targets: string;
  readonly sampleCount: number;
}

/**
 * Matrix product: `c[i, j] = Σ_p op(a)[i, p] · op(b)[p, j]`, p ascending; `op` transposes where the
 * flag says so.
 */
export interface Gemm {
  readonly op: 'gemm';
  /** `[m, k]`, or `[k, m]` if `transposeA`. */
  readonly a: string;
  /** `[k, n]`, or `[n, k]` if `transposeB`. */
  readonly b: string;
  /** `[m, n]`. */
  readonly c: string;
  readonly m: Dimension;
  readonly n: Dimension;
  readonly k: Dimension;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** `output[r, j] = output[r, j] + bias[j]`. */
export interface BiasAdd {
  readonly op: 'biasAdd';
  /** `[rows, out]`, changed in place. */
  readonly output: string;
  /** `[out]`. */
  readonly bias: string;
  readonly width: number;
}

/** `dBias[j] = Σ_r dOutput[r, j]`, r ascending. */
export interface BiasGrad {
  readonly op: 'biasGrad';
  /** `[rows, out]`. */
  readonly dOutput: string;
  /** `[out]`. */
  readonly dBias: string;
  readonly width: number;
}

/**
 * Applies an activation function in place.
 *
 * - `relu`: `v <= 0 ? +0 : v`
 * - `sigmoid`: `1 ÷ (1 + exp(−v))`
 * - `tanh`: `tanh(v)`
 * - `leaky-relu`: `v > 0 ? v : v · fround(0.01)`
 * - `elu`: `v > 0 ? v : exp(v) − 1`
 */
export interface Activation {
  readonly op: 'activation';
  /** `[rows, out]`, changed in place. */
  readonly output: string;
  readonly width: number;
  readonly activation: ActivationName;
}

/**
 * Multiplies a gradient, in place, by an activation's derivative, which is written in terms of the
 * activation's result y (d is the gradient, and y > 0 exactly where the argument was):
 *
 * - `relu`: `y > 0 ? d : +0`
 * - `sigmoid`: `d · (y · (1 − y))`
 * - `tanh`: `d · (1 − y · y)`
 * - `leaky-relu`: `y > 0 ? d : d · fround(0.01)`
 * - `elu`: `y > 0 ? d : d · (y + 1)`
 */
export interface ActivationGrad {
  readonly op: 'activationGrad';
  /** `[rows, out]`, the activation's result. */
  readonly output: string;
  /** `[rows, out]`, changed in place. */
  readonly dOutput: string;
  readonly width: number;
  readonly activation: ActivationName;
}

/**
 * Softmax and the cross-entropy of it, with the gradient of the mean loss over the step's rows:
 *
 * `m = max_j z[r, j]` (compared in index order), `e_j = exp(z[r, j] − m)`, `S = Σ_j e_j`,
 * `p_j = e_j ÷ S`, `losses[position + r] = log(S) − (z[r, y] − m)`,
 * `dLogits[r, j] = (p_j − t_j) ÷ rows`, where y is the target class and t_j is 1 at y, else 0.
 *
 * The run ends with an error at a target of `classes` or more, and at a loss that is not finite.
 */
export interface SoftmaxCrossEntropy {
  readonly op: 'softmaxCrossEntropy';
  /** `[rows, classes]`. */
  readonly logits: string;
  /** `[rows]`. */
  readonly targets: string;
  /** `[capacity]`. */
  readonly losses: string;
  /** `[rows, classes]`. */
  readonly dLogits: string;
  readonly classes: number;
}

/** `probabilities[position + r, j] = p_j`, as in softmaxCrossEntropy. */
export interface Softmax {
  readonly op: 'softmax';
  /** `[rows, classes]`. */
  readonly logits: string;
  /** `[capacity, classes]`. */
  readonly probabilities: string;
  readonly classes: number;
}

/** `predicted[position + r]` = the lowest j at which `logits[r, j]` is greatest. */
export interface Argmax {
  readonly op: 'argmax';
  /** `[rows, classes]`. */
  readonly logits: string;
  /** `[capacity]`. */
  readonly predicted: string;
  readonly classes: number;
}

/**
 * Stochastic gradient descent: `g = gradient[i] + l2 · parameter[i]` (without the second term where
 * l2 is 0), `parameter[i] = parameter[i] − rates[step] · g`.
 */
export interface Sgd {
  readonly op: 'sgd';
  /** `[length]`, changed in place. */
  readonly parameter: string;
  /** `[length]`. */
  readonly gradient: string;
  /** `[steps]` learning rates, one a step of this pass. */
  readonly rates: string;
  readonly length: number;
  /** The L2 coefficient λ, a binary32 value. */
  readonly l2: number;
}

export type Op =
  | Gather
  | GatherTargets
  | Gemm
  | BiasAdd
  | BiasGrad
  | Activation
  | ActivationGrad
  | SoftmaxCrossEntropy
  | Softmax
  | Argmax
  | Sgd;
