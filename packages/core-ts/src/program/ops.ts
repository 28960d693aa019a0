/**
 * The operations that a program is made of. This file is their one definition: operands, shapes,
 * equation and order of sums. `backend-ts/` is the living form of the same words, and every other
 * backend must give its bits.
 *
 * Legend: `rows` is the number of samples in this step (the last step of a pass may have fewer);
 * `position` is the number of samples of this pass already done; `step` the number of steps
 * already done; `whole` is `rows`, or where they are a part of a larger step (see `Program`) the number
 * of rows of that, and `before` 0, or how many of them come before these; `in` and `out` are a dense
 * layer's widths. Operands are names of slices. Matrices
 * are row-major. Every `+ − × ÷` rounds once to binary32, and every sum starts from +0 and runs in
 * index order.
 *
 * What an op writes shares no byte with anything else that it or another op of the entry uses, but for
 * slices that are changed in place or said to be allowed to be one; `validateProgram` sees to it.
 *
 * A backend may do several ops at once and then need not write what only they would read: the
 * gathered samples, where products alone read them, and a weight gradient that an update follows.
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
 * Softmax and the cross-entropy of it, with the gradient of the mean loss over the whole step's rows:
 *
 * `m = max_j z[r, j]` (compared in index order), `e_j = exp(z[r, j] − m)`, `S = Σ_j e_j`,
 * `p_j = e_j ÷ S`, `losses[position + r] = log(S) − (z[r, y] − m)`,
 * `dLogits[r, j] = (p_j − t_j) ÷ whole`, where y is the target class and t_j is 1 at y, else 0.
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

/**
 * SGD with momentum, as PyTorch's: `v = momentum · v + g`, then `w = w − rate · v`, or with
 * `nesterov` `w = w − rate · (g + momentum · v)` (Sutskever et al. 2013); g as in sgd.
 */
export interface Momentum {
  readonly op: 'momentum';
  /** `[length]`, changed in place. */
  readonly parameter: string;
  /** `[length]`. */
  readonly gradient: string;
  /** `[length]`, v, kept from step to step. */
  readonly velocity: string;
  /** `[steps]`. */
  readonly rates: string;
  readonly length: number;
  readonly l2: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

/**
 * Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) where `decayed`. With
 * `(a, c, d) = scalars[step]`: first, if `decayed`, `w = w · d`; then
 * `m = beta1 · m + complement1 · g`, `v = beta2 · v + complement2 · (g · g)`,
 * `w = w − a · (m ÷ (√v ÷ c + epsilon))`; g as in sgd.
 */
export interface Adam {
  readonly op: 'adam';
  /** `[length]`, changed in place. */
  readonly parameter: string;
  /** `[length]`. */
  readonly gradient: string;
  /** `[length]`, m, kept from step to step. */
  readonly firstMoment: string;
  /** `[length]`, v, kept from step to step. */
  readonly secondMoment: string;
  /** `[steps, 3]`: `rate ÷ (1 − β₁ᵗ)`, `√(1 − β₂ᵗ)`, `1 − rate · weightDecay`. */
  readonly scalars: string;
  readonly length: number;
  readonly l2: number;
  readonly beta1: number;
  readonly beta2: number;
  /** `1 − β₁`, computed in binary64 and rounded. */
  readonly complement1: number;
  readonly complement2: number;
  readonly epsilon: number;
  readonly decayed: boolean;
}

/**
 * Dropout (Srivastava et al. 2014): `output[r, j] = word ≥ threshold ? input[r, j] · scale : +0`.
 * The word belongs to the element `e = (before + r) · width + j`: it is word `e mod 4` of the Philox4x32-10
 * block with the counter `(⌊e ÷ 4⌋, layer, place[2] + step, 6)` and the key `place[0], place[1]`.
 * The gradient passes through the same op.
 */
export interface Dropout {
  readonly op: 'dropout';
  /** `[rows, width]`. */
  readonly input: string;
  /** `[rows, width]`; may be `input`. */
  readonly output: string;
  /** `[3]`: the seed's low and high word, and how many steps the run did before this pass. */
  readonly place: string;
  readonly width: number;
  readonly layer: number;
  /** `⌊rate · 2^32⌋`, an unsigned 32-bit integer. */
  readonly threshold: number;
  /** `1 ÷ (1 − rate)`, rounded to binary32. */
  readonly scale: number;
}

/** Weighs the classes: `dLogits[r, j] = dLogits[r, j] · weights[targets[r]]`. */
export interface ClassWeights {
  readonly op: 'classWeights';
  /** `[rows, classes]`, changed in place. */
  readonly dLogits: string;
  /** `[rows]`. */
  readonly targets: string;
  /** `[classes]`. */
  readonly weights: string;
  readonly classes: number;
}

/**
 * Mean squared error of a step's rows and outputs, with its gradient: with
 * `e = logits[r, j] − targets[r, j]`, `losses[position + r] = (Σ_j e · e) ÷ outputs` and
 * `dLogits[r, j] = (2 · e) ÷ (whole · outputs)`, the divisor a binary32 number.
 */
export interface SquaredError {
  readonly op: 'squaredError';
  /** `[rows, outputs]`. */
  readonly logits: string;
  /** `[rows, outputs]`. */
  readonly targets: string;
  /** `[capacity]`. */
  readonly losses: string;
  /** `[rows, outputs]`. */
  readonly dLogits: string;
  readonly outputs: number;
}

/**
 * Binary cross-entropy of sigmoids, a yes or no for each output, in the form that no logit overflows,
 * with its gradient. With `z = logits[r, j]`, `t = targets[r, j]` (0 or 1, or between them),
 * `l = (max(z, +0) − z · t) + log(1 + exp(−|z|))`, `losses[position + r] = (Σ_j l) ÷ outputs` and
 * `dLogits[r, j] = (1 ÷ (1 + exp(−z)) − t) ÷ (whole · outputs)`, the divisor a binary32 number.
 */
export interface BinaryCrossEntropy {
  readonly op: 'binaryCrossEntropy';
  /** `[rows, outputs]`. */
  readonly logits: string;
  /** `[rows, outputs]`. */
  readonly targets: string;
  /** `[capacity]`. */
  readonly losses: string;
  /** `[rows, outputs]`. */
  readonly dLogits: string;
  readonly outputs: number;
}

/** Keeps a pass's outputs: `outputs[position + r, j] = logits[r, j]`. */
export interface Emit {
  readonly op: 'emit';
  /** `[rows, width]`. */
  readonly logits: string;
  /** `[capacity, width]`. */
  readonly outputs: string;
  readonly width: number;
}

/**
 * Fetches the step's images through an affine map: like gather on bytes, but pixel (x, y) of the
 * result is read at `u = (m0·x + m1·y + m2) ÷ 2^16`, `v = (m3·x + m4·y + m5) ÷ 2^16`, where
 * m = maps[position + r]; between pixels bilinearly, and as 0 outside. In integers: with
 * i = ⌊u⌋ and f = ⌊256·(u − i)⌋, likewise j and g for v, the byte is
 * `((256−f)·(256−g)·s[j,i] + f·(256−g)·s[j,i+1] + (256−f)·g·s[j+1,i] + f·g·s[j+1,i+1] + 2^15) >> 16`.
 * Images may have several channels, `features ÷ (height · width)` of them; each goes the same way.
 */
export interface GatherAffine {
  readonly op: 'gatherAffine';
  /** `[sampleCount, height, width, channels]`, bytes. */
  readonly samples: string;
  /** `[capacity]`. */
  readonly order: string;
  /** `[capacity, 6]`, each below 2^28 in magnitude. */
  readonly maps: string;
  /** `[rows, height, width, channels]`. */
  readonly input: string;
  readonly sampleCount: number;
  readonly features: number;
  readonly height: number;
  readonly width: number;
  readonly preprocess: 'binarize' | 'scale';
}

/**
 * A weight gradient in shards: shard s holds the rows from `⌊s·rows ÷ shards⌋` to
 * `⌊(s+1)·rows ÷ shards⌋` (exclusive), `partial_s = aᵀ · b` over its rows, and
 * `c = ((partial_0 + partial_1) + partial_2) + …`.
 */
export interface ShardedGemm {
  readonly op: 'shardedGemm';
  /** `[rows, m]`. */
  readonly a: string;
  /** `[rows, n]`. */
  readonly b: string;
  /** `[m, n]`. */
  readonly c: string;
  /** `[m, n]`, for a shard's sum; undefined afterwards. */
  readonly partial: string;
  readonly m: number;
  readonly n: number;
  readonly shards: number;
}

/** A bias gradient in the same shards: `dBias = ((Σ of shard 0) + (Σ of shard 1)) + …`. */
export interface ShardedBiasGrad {
  readonly op: 'shardedBiasGrad';
  /** `[rows, out]`. */
  readonly dOutput: string;
  /** `[out]`. */
  readonly dBias: string;
  /** `[out]`, for a shard's sum; undefined afterwards. */
  readonly partial: string;
  readonly width: number;
  readonly shards: number;
}

/**
 * How a window walks over images `[height, width, channels]`: output place `(y, x)` covers rows
 * `y · strideVertical − paddingTop + i` for i below `kernelHeight`, and columns likewise. Every window
 * covers a part of the image; places outside take no part. `pixels` below are `outHeight · outWidth`.
 */
export interface Window {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideVertical: number;
  readonly strideHorizontal: number;
  readonly paddingTop: number;
  readonly paddingLeft: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/**
 * Convolution: `output[r, y, x, o] = (Σ_{i, j, c} input[r, y', x', c] · weight[i, j, c, o]) + bias[o]`
 * with `(y', x')` the window's place `(i, j)`; i, then j, then c ascending. Without a bias nothing is
 * added.
 */
export interface Conv2d extends Window {
  readonly op: 'conv2d';
  /** `[rows, height, width, channels]`. */
  readonly input: string;
  /** `[kernelHeight, kernelWidth, channels, filters]`. */
  readonly weight: string;
  /** `[filters]`, or null. */
  readonly bias: string | null;
  /** `[rows, outHeight, outWidth, filters]`. */
  readonly output: string;
  readonly filters: number;
}

/**
 * The gradient at a convolution's input: `dInput[r, v, u, c] = Σ_{i, j, o} dOutput[r, y, x, o] ·
 * weight[i, j, c, o]` over the windows `(y, x)` whose place `(i, j)` is `(v, u)`; i, j, o ascending.
 */
export interface Conv2dInputGrad extends Window {
  readonly op: 'conv2dInputGrad';
  /** `[rows, outHeight, outWidth, filters]`. */
  readonly dOutput: string;
  /** `[kernelHeight, kernelWidth, channels, filters]`. */
  readonly weight: string;
  /** `[rows, height, width, channels]`. */
  readonly dInput: string;
  readonly filters: number;
}

/**
 * The gradients of a convolution's parameters, the sums over rows cut into shards (shard s holds rows
 * `⌊s · rows ÷ shards⌋` up to `⌊(s + 1) · rows ÷ shards⌋`):
 * `dWeight[s, i, j, c, o] = Σ_{r, y, x} input[r, y', x', c] · dOutput[r, y, x, o]` and
 * `dBias[s, o] = Σ_{r, y, x} dOutput[r, y, x, o]`; r, then y, then x ascending.
 */
export interface Conv2dWeightGrad extends Window {
  readonly op: 'conv2dWeightGrad';
  /** `[rows, height, width, channels]`. */
  readonly input: string;
  /** `[rows, outHeight, outWidth, filters]`. */
  readonly dOutput: string;
  /** `[shards, kernelHeight, kernelWidth, channels, filters]`. */
  readonly dWeight: string;
  /** `[shards, filters]`, or null. */
  readonly dBias: string | null;
  readonly filters: number;
  readonly shards: number;
}

/**
 * `output[r, y, x, c]` = the greatest of the window's values, compared row by row; the first of equals
 * wins.
 */
export interface MaxPool2d extends Window {
  readonly op: 'maxPool2d';
  /** `[rows, height, width, channels]`. */
  readonly input: string;
  /** `[rows, outHeight, outWidth, channels]`. */
  readonly output: string;
}

/** `dInput` = the sum, from +0 in ascending window order, of the gradients of the windows that it won. */
export interface MaxPool2dGrad extends Window {
  readonly op: 'maxPool2dGrad';
  /** `[rows, height, width, channels]`. */
  readonly input: string;
  /** `[rows, outHeight, outWidth, channels]`. */
  readonly dOutput: string;
  /** `[rows, height, width, channels]`. */
  readonly dInput: string;
}

/**
 * `output[r, y, x, c] = (Σ of the window's values, row by row) ÷ count`, the count of those inside the
 * image.
 */
export interface AveragePool2d extends Window {
  readonly op: 'averagePool2d';
  /** `[rows, height, width, channels]`. */
  readonly input: string;
  /** `[rows, outHeight, outWidth, channels]`. */
  readonly output: string;
}

/** `dInput` = the sum, from +0 in ascending window order, of `dOutput ÷ count` of the windows over it. */
export interface AveragePool2dGrad extends Window {
  readonly op: 'averagePool2dGrad';
  /** `[rows, outHeight, outWidth, channels]`. */
  readonly dOutput: string;
  /** `[rows, height, width, channels]`. */
  readonly dInput: string;
}

/**
 * Normalises each channel over the step (Ioffe and Szegedy 2015), each shard over its own rows. Over
 * the N values of a channel, in binary64: `S_r` = the sum over a row's pixels in order, S = their sum over
 * rows in order, `μ = fround(S ÷ N)`; `V = (Σ_r Σ_pixels (x − μ)²) ÷ N` in the same order;
 * `q = fround(1 ÷ √(V + epsilon))`. Then in binary32 `x̂ = (x − μ) · q`, `output = x̂ · scale + shift`. A
 * shard without rows leaves its mean and variance as they are.
 */
export interface BatchNorm {
  readonly op: 'batchNorm';
  /** `[rows, pixels, channels]`. */
  readonly input: string;
  /** `[rows, pixels, channels]`. */
  readonly output: string;
  /** `[channels]`. */
  readonly scale: string;
  /** `[channels]`. */
  readonly shift: string;
  /** `[shards, channels]`: μ. */
  readonly mean: string;
  /** `[shards, channels]`, binary64: V. */
  readonly variance: string;
  readonly pixels: number;
  readonly channels: number;
  /** Binary64. */
  readonly epsilon: number;
  readonly shards: number;
}

/**
 * The gradients of a normalisation, by its own mean and variance. Over each shard's rows, in binary64
 * and the same order, `D = Σ dy` and `E = Σ dy · x̂`: `dShift[s] = fround(D)`, `dScale[s] = fround(E)`; in
 * binary32 `dInput = (scale · q) · ((dy − fround(D ÷ N)) − x̂ · fround(E ÷ N))`. A shard without rows
 * gives 0.
 */
export interface BatchNormGrad {
  readonly op: 'batchNormGrad';
  /** `[rows, pixels, channels]`, what was normalised. */
  readonly input: string;
  /** `[rows, pixels, channels]`. */
  readonly dOutput: string;
  /** `[channels]`. */
  readonly scale: string;
  /** `[shards, channels]`. */
  readonly mean: string;
  /** `[shards, channels]`, binary64. */
  readonly variance: string;
  /** `[rows, pixels, channels]`, or null where nothing before it learns. */
  readonly dInput: string | null;
  /** `[shards, channels]`. */
  readonly dScale: string;
  /** `[shards, channels]`. */
  readonly dShift: string;
  readonly pixels: number;
  readonly channels: number;
  /** Binary64. */
  readonly epsilon: number;
  readonly shards: number;
}

/**
 * Normalises by running statistics: `output = ((x − mean) · fround(1 ÷ √(variance + epsilon))) · scale +
 * shift`, the root and the division in binary64, the rest in binary32.
 */
export interface BatchNormUse {
  readonly op: 'batchNormUse';
  /** `[rows, pixels, channels]`. */
  readonly input: string;
  /** `[rows, pixels, channels]`. */
  readonly output: string;
  /** `[channels]`. */
  readonly scale: string;
  /** `[channels]`. */
  readonly shift: string;
  /** `[channels]`. */
  readonly mean: string;
  /** `[channels]`. */
  readonly variance: string;
  readonly pixels: number;
  readonly channels: number;
  /** Binary64. */
  readonly epsilon: number;
}

/**
 * Takes a step's statistics into the running ones: `runningMean = runningMean · momentum + μ ·
 * complement`, `runningVariance = runningVariance · momentum + U · complement`. μ and U are the means over
 * the shards that have rows of their `mean`, and of `variance · N ÷ (N − 1)` (`variance` where N is 1):
 * binary64 sums in shard order, divided by their number, rounded once.
 */
export interface RunningStatistics {
  readonly op: 'runningStatistics';
  /** `[shards, channels]`. */
  readonly mean: string;
  /** `[shards, channels]`, binary64. */
  readonly variance: string;
  /** `[channels]`, changed in place. */
  readonly runningMean: string;
  /** `[channels]`, changed in place. */
  readonly runningVariance: string;
  readonly pixels: number;
  readonly channels: number;
  readonly momentum: number;
  /** `fround(1 − momentum)`. */
  readonly complement: number;
  readonly shards: number;
}

/** Adds shards' sums in their order: `gradient = ((sums[0]) + (sums[1])) + …`. */
export interface FoldShards {
  readonly op: 'foldShards';
  /** `[shards, length]`. */
  readonly sums: string;
  /** `[length]`. */
  readonly gradient: string;
  readonly length: number;
  readonly shards: number;
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
  | Sgd
  | Momentum
  | Adam
  | Dropout
  | ClassWeights
  | SquaredError
  | BinaryCrossEntropy
  | Emit
  | GatherAffine
  | ShardedGemm
  | ShardedBiasGrad
  | Conv2d
  | Conv2dInputGrad
  | Conv2dWeightGrad
  | MaxPool2d
  | MaxPool2dGrad
  | AveragePool2d
  | AveragePool2dGrad
  | BatchNorm
  | BatchNormGrad
  | BatchNormUse
  | RunningStatistics
  | FoldShards;
