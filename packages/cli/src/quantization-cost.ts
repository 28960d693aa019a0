import { datasetSha256, evaluate, type SavedModel, typescriptBackend } from '@bitgrad/core';
import { quantizedModel } from '@bitgrad/formats/export';
import { chooseSamples, loadLike } from './commands/eval.js';
import { formatLoss, formatPercent, plural } from './format.js';

/** How good a model is on some samples. */
interface Goodness {
  readonly accuracy: number | null;
  readonly loss: number;
}

/** What a model loses where its weights are bytes. */
export interface Cost {
  readonly samples: number;
  readonly before: Goodness;
  readonly after: Goodness;
}

/**
 * Judges a model and its quantised form, whose exported file has the same bits, by the same samples:
 * the training's own test part, or other data.
 *
 */
export async function costOfInt8(
  model: SavedModel,
  data: string,
  label: string | undefined,
  signal: AbortSignal,
): Promise<Cost> {
  const dataset = await loadLike(model, data, label, false);
  const { indices } = chooseSamples(model, dataset, await datasetSha256(dataset));
  const judge = async (one: SavedModel): Promise<Goodness> => {
    const backend = typescriptBackend();
    const { accuracy, loss } = await evaluate(one, dataset, indices, backend, { signal });
    return { accuracy, loss };
  };
  const [before, after] = [await judge(model), await judge(quantizedModel(model))];
  return { samples: indices.length, before, after };
}

/** As in `accuracy 97.30 % → 97.21 %, loss 0.0866 → 0.0871, of 10,000 samples`. */
export function describeCost({ samples, before, after }: Cost): string {
  const accuracy =
    before.accuracy === null
      ? []
      : [`accuracy ${formatPercent(before.accuracy)} → ${formatPercent(after.accuracy)}`];
  const loss = `loss ${formatLoss(before.loss)} → ${formatLoss(after.loss)}`;
  return [...accuracy, loss, `of ${plural(samples, 'sample')}`].join(', ');
}
