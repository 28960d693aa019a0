import type { Kernels, Op, Purpose, RecipeInput, SliceType } from '@bitgrad/core';
import type { DatasetSpec } from './dataset.js';

/** One op over hand-made slices, as goldens/make_goldens.py writes it. */
export interface OpGolden {
  readonly name: string;
  readonly op: Op;
  readonly batchSize: number;
  /** Rows of the pass. */
  readonly count: number;
  readonly slices: readonly {
    readonly name: string;
    readonly type: SliceType;
    readonly shape: readonly number[];
    /** In hexadecimal, as `writeHex` reads it. */
    readonly before: string;
    /** Null where nothing changes, empty where it is undefined. */
    readonly after: string | null;
  }[];
}

/** One call of a direct kernel. */
export interface KernelGolden {
  readonly name: string;
  readonly kernel: keyof Kernels;
  /** In BLAS's order; arrays in hexadecimal. */
  readonly arguments: readonly (number | boolean | { readonly hex: string })[];
  /** Each array after the call, or null where nothing changes. */
  readonly after: readonly (string | null)[];
  /** What the kernel returns, in hexadecimal, or null. */
  readonly result: string | null;
}

/** Results of an elementary function, correctly rounded (`sigmoid`: as the contract writes it). */
export interface ElementaryGolden {
  readonly function: 'exp' | 'tanh' | 'sigmoid' | 'log';
  /** In hexadecimal. */
  readonly inputs: string;
  readonly results: string;
}

/** The first draws of a random stream, of each kind, each from the stream's beginning. */
export interface RandomGolden {
  readonly seed: number;
  readonly purpose: Purpose;
  readonly index: number;
  readonly words: string;
  readonly uniforms: string;
  /** A bound and draws below it; bounds follow one another in one stream. */
  readonly below: readonly (readonly [bound: number, draws: readonly number[]])[];
  readonly normals: string;
  /** The integers from 0, shuffled. */
  readonly shuffled: readonly number[];
}

/** A whole training and what comes of it. */
export interface TrainingGolden {
  readonly recipe: RecipeInput;
  readonly dataset: DatasetSpec;
  readonly expected: {
    /** `weightsSha256` after each epoch. */
    readonly digests: readonly string[];
    /** Mean training loss of each epoch. */
    readonly losses: readonly number[];
    readonly validationAccuracy: number | null;
    readonly validationLoss: number | null;
    readonly testAccuracy: number | null;
    readonly testLoss: number | null;
  };
}

/** A network's numbers from PyTorch in binary64; see goldens/make_torch_reference.py. */
export interface TorchGolden {
  readonly name: string;
  readonly layers: readonly number[];
  readonly activation: RecipeInput['activation'];
  readonly outputActivation: RecipeInput['outputActivation'];
  /** Cross-entropy if left out; of the binary one, a label's own output is yes and all others no. */
  readonly loss?: 'binary-cross-entropy';
  readonly l2: number;
  readonly learningRate: number;
  /** `[rows, features]`, in hexadecimal. */
  readonly inputs: string;
  readonly labels: readonly number[];
  /** In model order, in hexadecimal. */
  readonly parameters: string;
  /** `[rows, classes]`. */
  readonly logits: readonly number[];
  /** `[rows]`. */
  readonly losses: readonly number[];
  /** Of the mean loss, without L2, in model order. */
  readonly gradients: readonly number[];
  /** Parameters after 10 steps over all rows. */
  readonly trained: readonly number[];
  /** The mean loss of each of those steps. */
  readonly stepLosses: readonly number[];
}

/** What PyTorch's optimisers make of a small network with tanh, in binary64. */
export interface TorchOptimizerGolden {
  readonly name: string;
  readonly optimizer: RecipeInput['optimizer'];
  readonly layers: readonly number[];
  readonly batchSize: number;
  readonly learningRate: number;
  readonly l2: number;
  readonly weightDecay: number;
  /** `[rows, features]`, in hexadecimal; batches follow one another, then begin again. */
  readonly inputs: string;
  readonly labels: readonly number[];
  /** In model order, in hexadecimal. */
  readonly parameters: string;
  readonly steps: number;
  /** Parameters after all steps. */
  readonly trained: readonly number[];
}

/** What PyTorch makes of a convolutional network with norms, in binary64; see goldens/make_torch_images.py. */
export interface TorchImagesGolden {
  /** As text. */
  readonly layers: string;
  readonly batchSize: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly l2: number;
  /** `[rows, height, width, channels]`, in hexadecimal; batches follow one another, then begin again. */
  readonly inputs: string;
  readonly labels: readonly number[];
  /** In model order, in hexadecimal. */
  readonly parameters: string;
  /** The mean loss of each step. */
  readonly losses: readonly number[];
  /** Parameters after all steps, running statistics too. */
  readonly trained: readonly number[];
  /** `[rows, classes]`, of the trained network in use. */
  readonly probabilities: readonly number[];
}
