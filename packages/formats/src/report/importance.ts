import {
  type Backend,
  columnWidth,
  type Dataset,
  labelNames,
  type Model,
  predictSamples,
  range,
  type Scores,
  Stream,
  scoresOf,
  type TargetScores,
  taskOf,
} from '@bitgrad/core';

/** How much worse a model is where a column's cells change places among the samples. */
export interface Importance {
  /** What gets worse. */
  readonly measure: 'accuracy' | 'R²';
  /** Of several targets. */
  readonly targets: readonly string[];
  /** The most important first. */
  readonly columns: readonly ColumnImportance[];
}

export interface ColumnImportance {
  readonly name: string;
  /** The score less its mean over the shuffles. */
  readonly drop: number;
  /** The same of each of several targets; null where a target's score is not known. */
  readonly targets: readonly (number | null)[];
}

/** Samples and columns that are enough, and bear waiting for. */
const MOST_SAMPLES = 2000;
const MOST_COLUMNS = 200;
const SHUFFLES = 5;

/**
 * Permutation importance (Breiman 2001; scikit-learn's `permutation_importance`): each column of a table
 * is shuffled among the samples by itself, with all of its features, and what the score loses is how much
 * the model relies on it. A column that alone is worth nearly all of a score often tells the answer.
 *
 * @param indices of the samples, of which at most 2,000 are looked at
 * @returns null where samples are images, columns are too many, or the samples do not say a score
 */
export async function permutationImportance(
  model: Model,
  dataset: Dataset,
  indices: Uint32Array,
  backend: Backend,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Importance | null> {
  const spans = spansOf(model, dataset);
  if (spans === null) return null;
  const samples = samplesAt(dataset, indices.subarray(0, MOST_SAMPLES));
  const own = range(0, samples.trainCount);
  const task = taskOf(model.recipe);
  const score = async (inputs: Float32Array): Promise<Score> => {
    const shuffled = { ...samples, inputs };
    const outputs = await predictSamples(model, shuffled, own, backend, options);
    return scoreOf(scoresOf(samples, own, outputs, task));
  };
  const inputs = samples.inputs as Float32Array;
  const whole = await score(inputs);
  if (whole.all === null) return null;
  const columns: ColumnImportance[] = [];
  for (const [at, span] of spans.entries()) {
    const drops: Score[] = [];
    for (let shuffle = 0; shuffle < SHUFFLES; shuffle += 1) {
      const order = own.slice();
      new Stream(at, 'shuffle', shuffle).shuffle(order);
      drops.push(await score(withShuffled(inputs, samples.features, span, order)));
    }
    columns.push({
      name: span.name,
      drop: whole.all - mean(drops.map(({ all }) => all!)),
      targets: whole.targets.map((value, target) =>
        value === null ? null : value - mean(drops.map(({ targets }) => targets[target]!)),
      ),
    });
  }
  columns.sort((a, b) => b.drop - a.drop);
  const names = model.encoding === null ? [] : labelNames(model.encoding);
  return {
    measure: task === 'regression' ? 'R²' : 'accuracy',
    targets: whole.targets.map((_, at) => names[at] ?? String(at + 1)),
    columns,
  };
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly width: number;
}

/** Which features each column became; null where that is not known or too much. */
function spansOf({ encoding }: Model, { inputs, features, image }: Dataset): Span[] | null {
  if (image !== null || !(inputs instanceof Float32Array)) return null;
  let start = 0;
  const spans = encoding
    ? encoding.columns.map((column) => {
        const width = columnWidth(column);
        start += width;
        return { name: column.name, start: start - width, width };
      })
    : Array.from({ length: features }, (_, at) => ({
        name: `column ${at + 1}`,
        start: at,
        width: 1,
      }));
  return spans.length <= MOST_COLUMNS ? spans : null;
}

/** A data set of some samples alone. */
function samplesAt(dataset: Dataset, indices: Uint32Array): Dataset {
  const { inputs, features, labels, values, trainCount, testCount } = dataset;
  const outputs = values ? values.length / (trainCount + testCount) : 0;
  const own = new Float32Array(indices.length * features);
  const targets = new Float32Array(indices.length * outputs);
  for (const [row, index] of indices.entries()) {
    own.set(
      (inputs as Float32Array).subarray(index * features, (index + 1) * features),
      row * features,
    );
    if (values) targets.set(values.subarray(index * outputs, (index + 1) * outputs), row * outputs);
  }
  return {
    ...dataset,
    inputs: own,
    labels: values ? labels : indices.map((index) => labels[index]!),
    ...(values && { values: targets }),
    trainCount: indices.length,
    testCount: 0,
  };
}

function withShuffled(
  inputs: Float32Array,
  features: number,
  { start, width }: Span,
  order: Uint32Array,
): Float32Array {
  const shuffled = inputs.slice();
  for (const [row, other] of order.entries()) {
    const from = other * features + start;
    shuffled.set(inputs.subarray(from, from + width), row * features + start);
  }
  return shuffled;
}

interface Score {
  readonly all: number | null;
  readonly targets: readonly (number | null)[];
}

function scoreOf({ metrics, targets = [] }: Scores): Score {
  return { all: mainScore(metrics), targets: targets.map((target) => mainScore(target.metrics)) };
}

const mainScore = (metrics: Scores['metrics'] | TargetScores['metrics']): number | null =>
  'accuracy' in metrics ? metrics.accuracy : metrics.r2;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
