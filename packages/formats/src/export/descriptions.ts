import type { Exportable } from './exportable.js';

/** The shapes from the input to the output, each that differs from the one before: `28×28×1, 32, 10`. */
export function describeShapes({ inputShape, nodes }: Exportable): string {
  return [inputShape, ...nodes.map(({ outputShape }) => outputShape)]
    .map((shape) => shape.join('×'))
    .filter((one, at, all) => one !== all[at - 1])
    .join(', ');
}

/** What a model must be given, in words. */
export function describeInput({
  features,
  preprocess,
  standardization,
  inputShape,
}: Exportable): string {
  if (preprocess === 'none') {
    const prepared = standardization ? '; they are standardised inside' : '';
    return `${features} numbers, the features of a row${prepared}`;
  }
  const prepared = preprocess === 'binarize' ? 'set to 0 or 1' : 'divided by 255';
  const channels = inputShape[2] === 3 ? ', red, green and blue of each' : '';
  return `${features} pixels from 0 to 255, row by row${channels}; they are ${prepared} inside`;
}

/** What a model gives, in words. */
export function describeOutput({ outputs, outputFunction }: Exportable): string {
  if (outputFunction === 'none') return `${outputs} ${outputs === 1 ? 'number' : 'numbers'}`;
  if (outputFunction === 'softmax') return `${outputs} probabilities, one a class`;
  return `${outputs} ${outputs === 1 ? 'probability' : 'probabilities'} of yes, one a label`;
}

/** What else is known of a model, as JSON texts by name; what is not known is left out. */
export function describeModel(model: Exportable): Record<string, string> {
  const { classNames, encoding, receipt } = model;
  const known = Object.entries({ classNames, encoding, receipt });
  return Object.fromEntries(
    known.flatMap(([name, value]) => (value === null ? [] : [[name, JSON.stringify(value)]])),
  );
}
