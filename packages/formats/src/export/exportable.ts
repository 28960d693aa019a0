import {
  type ActivationName,
  BitgradError,
  checkRecipe,
  encodedWidth,
  type Graph,
  layersText,
  type Model,
  parameterCount,
  type Receipt,
  type Recipe,
  resolve,
  type Standardization,
} from '@bitgrad/core';

/** A model to be exported; a receipt, where there is one, travels with it. */
export type ModelToExport = Model & { readonly receipt?: Receipt };

/** A dense layer as exports need it. */
export interface ExportLayer {
  readonly inWidth: number;
  readonly outWidth: number;
  /** `[in, out]`. */
  readonly weight: Float32Array;
  /** `[out]`. */
  readonly bias: Float32Array;
  /** Null for none. */
  readonly activation: ActivationName | null;
}

/** A model that was checked, laid out for the writers. */
export interface Exportable extends Pick<Model, 'standardization' | 'classNames' | 'encoding'> {
  readonly layers: readonly ExportLayer[];
  readonly features: number;
  readonly outputs: number;
  readonly preprocess: Recipe['preprocess'];
  /** Whether the network gives numbers and not probabilities. */
  readonly isRegression: boolean;
  /** What turns the last layer's numbers into those that were learnt, `[outputs]`; null for nothing. */
  readonly targets: Standardization | null;
  readonly receipt: Receipt | null;
}

/** What each has as its offset, in binary64; null where none has one. */
export function offsetsOf(
  parts: readonly { readonly offset?: number | undefined }[] | undefined,
): number[] | null {
  if (parts?.some(({ offset }) => offset !== undefined) !== true) return null;
  return parts.map(({ offset = 0 }) => offset);
}

/**
 * Checks a model and lays it out.
 *
 * @throws BitgradError if its parts do not fit each other or a parameter is not finite
 */
export function makeExportable(model: ModelToExport): Exportable {
  const recipe = checkRecipe(model.recipe);
  const graph = resolve(recipe);
  const { standardization, classNames, encoding, receipt = null } = model;
  const targets = model.targetStandardization ?? null;
  checkParameters(recipe, model.parameters);
  checkInput(recipe, model);
  return {
    layers: makeLayers(graph, model.parameters),
    features: graph.features,
    outputs: graph.outputs,
    preprocess: recipe.preprocess,
    isRegression: recipe.loss === 'squared-error',
    standardization,
    targets,
    classNames,
    encoding,
    receipt,
  };
}

/** The dense layers, each with the activation that follows it. */
function makeLayers({ nodes }: Graph, parameters: Float32Array): ExportLayer[] {
  const layers: ExportLayer[] = [];
  for (const [at, { spec, parameters: own }] of nodes.entries()) {
    if (spec.type !== 'dense') continue;
    const [weight, bias] = own.map(({ start, length }) =>
      parameters.subarray(start, start + length),
    );
    const next = nodes[at + 1]?.spec;
    layers.push({
      inWidth: own[0]!.shape[0]!,
      outWidth: spec.units,
      weight: weight!,
      bias: bias!,
      activation: next?.type === 'activation' ? next.name : null,
    });
  }
  return layers;
}

function checkParameters(recipe: Recipe, parameters: Float32Array): void {
  const count = parameterCount(recipe);
  if (parameters.length !== count) {
    throw new BitgradError(
      `export: expected ${count} parameters for layers ${layersText(recipe.layers)}, received ${parameters.length}`,
    );
  }
  const at = parameters.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new BitgradError(
      `export: expected finite parameters, received ${parameters[at]} at index ${at}`,
    );
  }
}

function checkInput(
  recipe: Recipe,
  { standardization, targetStandardization, classNames, encoding }: Model,
): void {
  const { features, outputs } = resolve(recipe);
  if (standardization !== null && recipe.preprocess !== 'none') {
    throw new BitgradError(
      `export: expected standardization of a table alone, received one with preprocess ${recipe.preprocess}`,
    );
  }
  checkScale(standardization, features);
  checkScale(targetStandardization, outputs);
  if (classNames !== null && classNames.length !== outputs) {
    throw new BitgradError(
      `export: expected ${outputs} names of classes, received ${classNames.length}`,
    );
  }
  if (encoding !== null && encodedWidth(encoding) !== features) {
    throw new BitgradError(
      `export: expected columns of ${features} features, received ${encodedWidth(encoding)}`,
    );
  }
}

function checkScale(scale: Standardization | null | undefined, width: number): void {
  if (!scale || (scale.mean.length === width && scale.deviation.length === width)) return;
  throw new BitgradError(
    `export: expected ${width} means and deviations, received ${scale.mean.length} and ${scale.deviation.length}`,
  );
}
