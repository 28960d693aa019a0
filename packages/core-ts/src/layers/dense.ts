import type { Op } from '../program/ops.js';
import { checkFields, optionalActivation, units } from './fields.js';
import { type LayerKind, parameterOf, type Wired } from './layer.js';
import { sizeOf } from './shape.js';
import type { DenseSpec } from './spec.js';

/** `output[r, j] = (Σ_i input[r, i] · weight[i, j]) + bias[j]`. */
export const dense: LayerKind<DenseSpec> = {
  storage: 'own',
  check: (raw) => checkFields<DenseSpec>(raw, { units, activation: optionalActivation }),
  output: ({ units: width }) => [width],
  parameters: ({ units: width }, input, hasBias) => {
    const inWidth = sizeOf(input);
    const initial = { fanIn: inWidth, fanOut: width };
    return [
      { role: 'weight', shape: [inWidth, width], initial, decays: true, isTrained: true },
      ...(hasBias
        ? [{ role: 'bias', shape: [width], initial: 0, decays: false, isTrained: true }]
        : []),
    ];
  },
  multiplications: ({ units: width }, input) => sizeOf(input) * width,
  scratch: () => [],

  forward(node) {
    const { spec, input: a, output } = node;
    const weight = parameterOf(node, 'weight')!;
    const bias = parameterOf(node, 'bias');
    const ops: Op[] = [
      {
        op: 'gemm',
        a,
        b: weight.name,
        c: output,
        m: 'rows',
        n: spec.units,
        k: weight.shape[0]!,
        transposeA: false,
        transposeB: false,
      },
    ];
    if (bias) ops.push({ op: 'biasAdd', output, bias: bias.name, width: spec.units });
    return ops;
  },

  /** `dInput = dOutput · weightᵀ`, `dWeight = inputᵀ · dOutput`, `dBias = Σ_r dOutput[r]`. */
  backward(node, shards) {
    const { spec, dInput, dOutput: a } = node;
    const { name: b, shape } = parameterOf(node, 'weight')!;
    const inputGradient: Op[] =
      dInput === null
        ? []
        : [
            {
              op: 'gemm',
              a,
              b,
              c: dInput,
              m: 'rows',
              n: shape[0]!,
              k: spec.units,
              transposeA: false,
              transposeB: true,
            },
          ];
    return [...inputGradient, ...parameterGradients(node, shards)];
  },
};

function parameterGradients(node: Wired<DenseSpec>, shards: number): Op[] {
  const { spec, input: a, dOutput } = node;
  const weight = parameterOf(node, 'weight')!;
  const bias = parameterOf(node, 'bias');
  const c = weight.gradient;
  const m = weight.shape[0]!;
  const n = spec.units;
  if (shards === 1) {
    const ops: Op[] = [
      { op: 'gemm', a, b: dOutput, c, m, n, k: 'rows', transposeA: true, transposeB: false },
    ];
    if (bias) ops.push({ op: 'biasGrad', dOutput, dBias: bias.gradient, width: n });
    return ops;
  }
  const partial = 'partial';
  const ops: Op[] = [{ op: 'shardedGemm', a, b: dOutput, c, partial, m, n, shards }];
  if (bias) {
    const dBias = bias.gradient;
    ops.push({ op: 'shardedBiasGrad', dOutput, dBias, partial, width: n, shards });
  }
  return ops;
}
