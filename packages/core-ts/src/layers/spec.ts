import type { ActivationName } from '../program/ops.js';
import type { ImageShape } from './shape.js';

/** A layer's own activation, in place of the recipe's: `none`, or a function's name. */
export type OwnActivation = ActivationName | 'none';

/** Every input to every unit: `output = activation(input · weight + bias)`. */
export interface DenseSpec {
  readonly type: 'dense';
  readonly units: number;
  readonly activation?: OwnActivation;
}

/** A function of each number. Directly after a layer with weights, or its norm, it is that layer's. */
export interface ActivationSpec {
  readonly type: 'activation';
  readonly name: ActivationName;
}

/** Sets a share of the numbers to 0 while training, and scales the rest (Srivastava et al. 2014). */
export interface DropoutSpec {
  readonly type: 'dropout';
  readonly rate: number;
}

/** An image as one row of numbers, in its order; put in by itself before a dense layer. */
export interface FlattenSpec {
  readonly type: 'flatten';
}

export type LayerSpec = DenseSpec | ActivationSpec | DropoutSpec | FlattenSpec;

export type LayerType = LayerSpec['type'];

/**
 * What stands in a recipe's `layers`: first the input, a number of features or `[height, width,
 * channels]`; then layers, where a number is a dense layer of so many units.
 */
export type LayerItem = number | ImageShape | LayerSpec;
