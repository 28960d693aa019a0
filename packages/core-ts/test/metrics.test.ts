import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { classMetrics } from '../src/metrics/class-metrics.js';
import { labelMetrics, multiLabelMetrics } from '../src/metrics/label-metrics.js';
import { scoresOf } from '../src/metrics/metrics.js';
import { numberMetrics } from '../src/metrics/number-metrics.js';
import { range } from '../src/random/stream.js';
import { train } from '../src/train/train.js';
import { verify } from '../src/train/verify.js';
import { smallDataset, smallRecipe } from './synthetic.js';

interface Case {
  readonly name: string;
  readonly classes?: number;
  readonly width?: number;
  readonly labels?: number;
  readonly truth: number[];
  readonly outputs: number[];
  readonly expected: Record<string, number | null>;
}

/** Made by goldens/metrics.py with scikit-learn. */
const cases = JSON.parse(
  readFileSync(new URL('goldens/metrics.json', import.meta.url), 'utf8'),
) as Case[];

describe.each(cases)('$name', ({ classes, labels, width = 1, truth, outputs, expected }) => {
  it("has scikit-learn's measures", () => {
    const given = Float32Array.from(outputs);
    const found = ((): object => {
      if (classes !== undefined) return classMetrics(Uint32Array.from(truth), given, classes);
      const numbers = Float32Array.from(truth);
      if (labels === undefined) return numberMetrics(numbers, given, width);
      return multiLabelMetrics(numbers, given, labelMetrics(numbers, given, labels));
    })();
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(found)) {
      const wanted = expected[name]!;
      if (wanted === null) expect(value, name).toBeNull();
      else
        expect(Math.abs(value - wanted), name).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(wanted)));
    }
  });
});

describe('scores', () => {
  it('stand beside those of a guess that knows no features', () => {
    const labels = Uint32Array.of(0, 1, 1, 1, 0);
    const dataset = { ...smallDataset(), labels, classes: 2, trainCount: 5, testCount: 0 };
    const right = Float32Array.from([...labels].flatMap((label) => [1 - label, label]));
    expect(scoresOf(dataset, range(0, 5), right)).toEqual({
      metrics: { accuracy: 1, balancedAccuracy: 1, macroF1: 1, rocAuc: 1, averagePrecision: 1 },
      baseline: {
        accuracy: 0.6,
        balancedAccuracy: 0.5,
        macroF1: 0.375,
        rocAuc: 0.5,
        averagePrecision: 0.6,
      },
    });
  });

  it('of always the mean are 0 and the deviation', () => {
    const values = Float32Array.of(1, 2, 6);
    const dataset = { ...smallDataset(), labels: new Uint32Array(), classes: 0, values };
    const { baseline } = scoresOf(dataset, range(0, 3), values);
    expect(baseline).toEqual({ r2: 0, rmse: Math.sqrt(14 / 3), mae: 2 });
    const same = { ...dataset, values: Float32Array.of(4, 4) };
    expect(scoresOf(same, range(0, 2), same.values).metrics).toEqual({ r2: null, rmse: 0, mae: 0 });
  });

  it('of a label that neither occurs nor is told has an F1 of 0', () => {
    const never = labelMetrics(Float32Array.of(0, 0), Float32Array.of(0.5, 0.25), 1);
    expect(never).toEqual([
      { accuracy: 1, balancedAccuracy: 1, f1: 0, rocAuc: null, averagePrecision: null },
    ]);
  });

  it('of samples of one class have no areas', () => {
    const outputs = Float32Array.of(1, 0, 1, 0);
    expect(classMetrics(Uint32Array.of(0, 0), outputs, 2)).toMatchObject({
      accuracy: 1,
      rocAuc: null,
      averagePrecision: null,
    });
  });

  it('are in the receipt, and verify finds them again', async () => {
    const [dataset, backend] = [smallDataset(), typescriptBackend()];
    const { receipt } = await train({ recipe: smallRecipe(), dataset, backend });
    expect(receipt.metrics).toMatchObject({ accuracy: receipt.testAccuracy });
    expect(receipt.baseline).toMatchObject({ rocAuc: 0.5 });
    expect(await verify({ receipt, dataset, backend })).toMatchObject({ verified: true });
    const forged = { ...receipt, metrics: { ...receipt.metrics!, macroF1: 0.123 } };
    expect(await verify({ receipt: forged, dataset, backend })).toMatchObject({
      verified: false,
      firstMismatch: { field: 'metrics' },
    });
    const older = { ...receipt };
    delete older.metrics;
    expect(await verify({ receipt: older, dataset, backend })).toMatchObject({ verified: true });
  });
});
