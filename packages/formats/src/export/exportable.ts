import {
  BitgradError,
  type ColumnEncoding,
  checkRecipe,
  columnWidth,
  encodedWidth,
  type Graph,
  type LayerSpec,
  type LayerType,
  layersText,
  type Model,
  type Node,
  parameterCount,
  type Receipt,
  type Recipe,
  resolve,
  type Shape,
  type Standardization,
  type TableEncoding,
  taskOf,
} from '@bitgrad/core';

/** A model to be exported; a receipt, where there is one, travels with it. */
export type ModelToExport = Model & { readonly receipt?: Receipt };

/** A layer with its parameters' values by their roles. */
export interface ExportNode<Spec extends LayerSpec = LayerSpec> extends Node<Spec> {
  readonly values: Readonly<Record<string, Float32Array>>;
}

/** What each kind of layer becomes: one that is missing does not compile. */
export type PerKind<Arguments extends unknown[], Result> = {
  readonly [Type in LayerType]: (
    node: ExportNode<Extract<LayerSpec, { type: Type }>>,
    ...rest: Arguments
  ) => Result;
};

/** What a layer becomes by a table of its kind. */
export function byKind<Arguments extends unknown[], Result>(
  table: PerKind<Arguments, Result>,
  node: ExportNode,
  ...rest: Arguments
): Result {
  const write = table[node.spec.type] as (node: ExportNode, ...rest: Arguments) => Result;
  return write(node, ...rest);
}

/** A model that was checked, laid out for the writers. */
export interface Exportable extends Pick<Model, 'standardization' | 'classNames' | 'encoding'> {
  /** In order; those that change nothing in use are left out. */
  readonly nodes: readonly ExportNode[];
  readonly inputShape: Shape;
  readonly parameterCount: number;
  readonly features: number;
  readonly outputs: number;
  readonly preprocess: Recipe['preprocess'];
  /** Whether the network gives numbers and not probabilities. */
  readonly isRegression: boolean;
  /** What the last layer's numbers become: probabilities of classes, or of each label's yes. */
  readonly outputFunction: 'none' | 'softmax' | 'sigmoid';
  /** What turns the last layer's numbers into those that were learnt, `[outputs]`; null for nothing. */
  readonly targets: Standardization | null;
  readonly receipt: Receipt | null;
}

const OUTPUT_FUNCTIONS = {
  classification: 'softmax',
  regression: 'none',
  'multi-label': 'sigmoid',
} as const;

/** What each has as its offset, in binary64; null where none has one. */
export function offsetsOf(
  parts: readonly { readonly offset?: number | undefined }[] | undefined,
): number[] | null {
  if (parts?.some(({ offset }) => offset !== undefined) !== true) return null;
  return parts.map(({ offset = 0 }) => offset);
}

/** A value for each feature of a row: a column's own at its number, 0 for all others. */
export function perFeature(
  { columns }: TableEncoding,
  value: (column: ColumnEncoding) => number | undefined,
): number[] {
  return columns.flatMap((column) => {
    const values = new Array<number>(columnWidth(column)).fill(0);
    values[0] = value(column) ?? 0;
    return values;
  });
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
    nodes: makeNodes(graph, model.parameters),
    inputShape: graph.inputShape,
    parameterCount: model.parameters.length,
    features: graph.features,
    outputs: graph.outputs,
    preprocess: recipe.preprocess,
    isRegression: taskOf(recipe) === 'regression',
    outputFunction: OUTPUT_FUNCTIONS[taskOf(recipe)],
    standardization,
    targets,
    classNames,
    encoding,
    receipt,
  };
}

/** The layers with their values; dropout is for training alone. */
function makeNodes({ nodes }: Graph, parameters: Float32Array): ExportNode[] {
  return nodes
    .filter(({ spec }) => spec.type !== 'dropout')
    .map((node) => ({
      ...node,
      values: Object.fromEntries(
        node.parameters.map(({ role, start, length }) => [
          role,
          parameters.subarray(start, start + length),
        ]),
      ),
    }));
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
