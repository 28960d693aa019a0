import type { ActivationName, Op } from '../program/ops.js';
import type { SliceDeclaration } from '../program/program.js';

/** A feed-forward network: dense layers, one after the other, into softmax. */
export interface Network {
  /** Widths from the input to the output, as in `[784, 32, 10]`. */
  readonly layers: readonly number[];
  /** Of every layer but the last. */
  readonly activation: ActivationName;
  /** Of the last layer, before softmax. `relu` there is a mistake that the `listing` recipe needs. */
  readonly outputActivation: 'none' | 'relu';
}

/** A dense layer and the names of its slices. Forward and backward stand side by side below. */
export interface DenseLayer {
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
}

/** The network's dense layers from input to output. */
export function denseLayers(network: Network): DenseLayer[] {
  const last = network.layers.length - 2;
  const output = (layer: number): string => (layer === last ? 'logits' : `layers.${layer}.output`);
  const dOutput = (layer: number): string =>
    layer === last ? 'dLogits' : `layers.${layer}.dOutput`;
  const outputActivation = network.outputActivation === 'none' ? null : network.outputActivation;
  return network.layers.slice(1).map((outWidth, layer) => ({
    inWidth: network.layers[layer]!,
    outWidth,
    activation: layer === last ? outputActivation : network.activation,
    weight: `layers.${layer}.weight`,
    bias: `layers.${layer}.bias`,
    dWeight: `layers.${layer}.dWeight`,
    dBias: `layers.${layer}.dBias`,
    input: layer === 0 ? 'input' : output(layer - 1),
    dInput: layer === 0 ? null : dOutput(layer - 1),
    output: output(layer),
    dOutput: dOutput(layer),
  }));
}

/** `output = activation(input · weight + bias)`. */
export function forward(layer: DenseLayer): Op[] {
  const { inWidth, outWidth: width, output, activation } = layer;
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
  return ops;
}

/**
 * With dOutput the loss's gradient at the output:
 * `dOutput *= activation'`, `dInput = dOutput · weightᵀ`, `dWeight = inputᵀ · dOutput`,
 * `dBias = Σ_r dOutput[r]`.
 */
export function backward(layer: DenseLayer): Op[] {
  const { inWidth, outWidth: width, output, dOutput, dInput, activation } = layer;
  const ops: Op[] = [];
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
  ops.push(
    {
      op: 'gemm',
      a: layer.input,
      b: dOutput,
      c: layer.dWeight,
      m: inWidth,
      n: width,
      k: 'rows',
      transposeA: true,
      transposeB: false,
    },
    { op: 'biasGrad', dOutput, dBias: layer.dBias, width },
  );
  return ops;
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
