import type { ActivationName, Dropout, Op } from '../program/ops.js';
import type { SliceDeclaration } from '../program/program.js';

/** A feed-forward network: dense layers, one after the other. */
export interface Network {
  /** Widths from the input to the output, as in `[784, 32, 10]`. */
  readonly layers: readonly number[];
  /** Of every layer but the last. */
  readonly activation: ActivationName;
  /** Of the last layer, before softmax. `relu` there is a mistake that the `listing` recipe needs. */
  readonly outputActivation: 'none' | 'relu';
  /**
   * `cross-entropy` of softmax, for classes (the default); `squared-error` of the last layer, for
   * numbers.
   */
  readonly loss?: 'cross-entropy' | 'squared-error';
}

/** A dense layer and the names of its slices. Forward and backward stand side by side below. */
export interface DenseLayer {
  readonly index: number;
  readonly inWidth: number;
  readonly outWidth: number;
  readonly activation: ActivationName | null;
  /** `[in, out]`. */
  readonly weight: string;
  /** `[out]`. */
  readonly bias: string;
  readonly dWeight: string;
  readonly dBias: string;
  /** `[rows, in]`. */
  readonly input: string;
  /** `[rows, in]`, or null for the first layer, whose input needs no gradient. */
  readonly dInput: string | null;
  /** `[rows, out]`. */
  readonly output: string;
  readonly dOutput: string;
  /** `[rows, out]`, the output after dropout, or null where nothing is dropped. */
  readonly dropped: string | null;
  /** The share of the output that is dropped. */
  readonly dropout: number;
}

/**
 * The network's dense layers from input to output.
 *
 * @param dropout the share of each hidden layer's output that is dropped, 0 where only looking
 */
export function denseLayers(network: Network, dropout = 0): DenseLayer[] {
  const last = network.layers.length - 2;
  const output = (layer: number): string => (layer === last ? 'logits' : `layers.${layer}.output`);
  const dOutput = (layer: number): string =>
    layer === last ? 'dLogits' : `layers.${layer}.dOutput`;
  const dropped = (layer: number): string | null =>
    dropout > 0 && layer !== last ? `layers.${layer}.dropped` : null;
  const outputActivation = network.outputActivation === 'none' ? null : network.outputActivation;
  return network.layers.slice(1).map((outWidth, layer) => ({
    index: layer,
    inWidth: network.layers[layer]!,
    outWidth,
    activation: layer === last ? outputActivation : network.activation,
    weight: `layers.${layer}.weight`,
    bias: `layers.${layer}.bias`,
    dWeight: `layers.${layer}.dWeight`,
    dBias: `layers.${layer}.dBias`,
    input: layer === 0 ? 'input' : (dropped(layer - 1) ?? output(layer - 1)),
    dInput: layer === 0 ? null : dOutput(layer - 1),
    output: output(layer),
    dOutput: dOutput(layer),
    dropped: dropped(layer),
    dropout,
  }));
}

/** `output = activation(input · weight + bias)`, and `dropped = dropout(output)` if there is any. */
export function forward(layer: DenseLayer): Op[] {
  const { inWidth, outWidth: width, output, activation, dropped } = layer;
  const ops: Op[] = [
    {
      op: 'gemm',
      a: layer.input,
      b: layer.weight,
      c: output,
      m: 'rows',
      n: width,
      k: inWidth,
      transposeA: false,
      transposeB: false,
    },
    { op: 'biasAdd', output, bias: layer.bias, width },
  ];
  if (activation !== null) ops.push({ op: 'activation', output, width, activation });
  if (dropped !== null) ops.push(dropoutOp(layer, output, dropped));
  return ops;
}

/**
 * With dOutput the loss's gradient at the output (after dropout, if there is any):
 * `dOutput = dropout(dOutput)`, `dOutput *= activation'`, `dInput = dOutput · weightᵀ`,
 * `dWeight = inputᵀ · dOutput`, `dBias = Σ_r dOutput[r]`.
 *
 * @param shards into how many parts the sums over rows are cut
 */
export function backward(layer: DenseLayer, shards: number): Op[] {
  const { inWidth, outWidth: width, output, dOutput, dInput, activation, dropped } = layer;
  const ops: Op[] = [];
  if (dropped !== null) ops.push(dropoutOp(layer, dOutput, dOutput));
  if (activation !== null) ops.push({ op: 'activationGrad', output, dOutput, width, activation });
  if (dInput !== null) {
    ops.push({
      op: 'gemm',
      a: dOutput,
      b: layer.weight,
      c: dInput,
      m: 'rows',
      n: inWidth,
      k: width,
      transposeA: false,
      transposeB: true,
    });
  }
  ops.push(...parameterGradients(layer, shards));
  return ops;
}

function parameterGradients(layer: DenseLayer, shards: number): Op[] {
  const { input: a, dOutput, dWeight: c, dBias, inWidth: m, outWidth: n } = layer;
  if (shards === 1) {
    return [
      { op: 'gemm', a, b: dOutput, c, m, n, k: 'rows', transposeA: true, transposeB: false },
      { op: 'biasGrad', dOutput, dBias, width: n },
    ];
  }
  const partial = 'partial';
  return [
    { op: 'shardedGemm', a, b: dOutput, c, partial, m, n, shards },
    { op: 'shardedBiasGrad', dOutput, dBias, partial, width: n, shards },
  ];
}

function dropoutOp(layer: DenseLayer, input: string, output: string): Dropout {
  const { index, outWidth: width, dropout } = layer;
  return {
    op: 'dropout',
    input,
    output,
    place: 'dropoutPlace',
    width,
    layer: index,
    threshold: Math.floor(dropout * 0x100000000),
    scale: Math.fround(1 / (1 - dropout)),
  };
}

/** The slices of a layer's parameters. */
export function parameterSlices(layer: DenseLayer): SliceDeclaration[] {
  return [
    [layer.weight, 'f32', layer.inWidth, layer.outWidth],
    [layer.bias, 'f32', layer.outWidth],
  ];
}

/** The slices of a layer's gradients. */
export function gradientSlices(layer: DenseLayer): SliceDeclaration[] {
  return [
    [layer.dWeight, 'f32', layer.inWidth, layer.outWidth],
    [layer.dBias, 'f32', layer.outWidth],
  ];
}
