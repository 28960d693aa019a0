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

/** A number for both directions, or `[vertical, horizontal]`. */
export type Size2d = number | readonly [vertical: number, horizontal: number];

/** `valid` keeps windows inside the image; `same` gives `⌈size ÷ stride⌉` places, zeros around. */
export type Padding = 'same' | 'valid';

/** A convolution of small weights with every place of an image (LeCun et al. 1998). */
export interface Conv2dSpec {
  readonly type: 'conv2d';
  readonly filters: number;
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
  readonly activation?: OwnActivation;
}

/** Windows over an image; they step by their own size unless told. */
interface Pool2d {
  readonly poolSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
}

/** The greatest of the values in each window. */
export interface MaxPool2dSpec extends Pool2d {
  readonly type: 'maxPool2d';
}

/** The mean of the values in each window. */
export interface AveragePool2dSpec extends Pool2d {
  readonly type: 'averagePool2d';
}

/** The mean of each channel over the whole image. */
export interface GlobalAveragePool2dSpec {
  readonly type: 'globalAveragePool2d';
}

/** Each channel brought to mean 0 and variance 1 over the step (Ioffe and Szegedy 2015). */
export interface BatchNormSpec {
  readonly type: 'batchNorm';
  /** Of the running statistics. */
  readonly momentum: number;
  /** Added to the variance. */
  readonly epsilon: number;
}

export type LayerSpec =
  | DenseSpec
  | Conv2dSpec
  | MaxPool2dSpec
  | AveragePool2dSpec
  | GlobalAveragePool2dSpec
  | BatchNormSpec
  | ActivationSpec
  | DropoutSpec
  | FlattenSpec;

export type LayerType = LayerSpec['type'];

/**
 * What stands in a recipe's `layers`: first the input, a number of features or `[height, width,
 * channels]`; then layers, where a number is a dense layer of so many units.
 */
export type LayerItem = number | ImageShape | LayerSpec;
