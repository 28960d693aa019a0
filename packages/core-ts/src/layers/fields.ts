import { BitgradError, show } from '../errors.js';
import type { ActivationName } from '../program/ops.js';
import type { LayerSpec } from './spec.js';

/** The most numbers that a layer may give for a sample, and the most pixels along a side. */
export const LARGEST_WIDTH = 1 << 20;

export const ACTIVATIONS: readonly ActivationName[] = [
  'relu',
  'sigmoid',
  'tanh',
  'leaky-relu',
  'elu',
];

/** One field of a layer's description. */
export interface SpecField {
  readonly isValid: (value: unknown) => boolean;
  readonly expected: string;
  /** What a description that leaves it out means; without one it must be given, unless optional. */
  readonly fallback?: unknown;
  readonly isOptional?: true;
}

export const isWhole = (value: unknown, least = 1, most = LARGEST_WIDTH): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

export const units: SpecField = {
  isValid: (value) => isWhole(value),
  expected: `an integer from 1 to ${LARGEST_WIDTH}`,
};

export const filters = units;

/** A window's or a step's size. */
export const size = (fallback: unknown): SpecField => ({
  isValid: (value) =>
    isWhole(value) ||
    (Array.isArray(value) && value.length === 2 && value.every((side) => isWhole(side))),
  expected: `an integer from 1 to ${LARGEST_WIDTH}, or two, [vertical, horizontal]`,
  fallback,
});

export const padding = (fallback: 'same' | 'valid'): SpecField => ({
  isValid: (value) => value === 'same' || value === 'valid',
  expected: 'same or valid',
  fallback,
});

/** What is added to a variance, so that its root can be divided by. */
export const epsilon: SpecField = {
  isValid: (value) => typeof value === 'number' && value > 0 && Number.isFinite(value),
  expected: 'a number above 0',
  fallback: 1e-5,
};

/** A share below 1. */
export const rate: SpecField = {
  isValid: (value) => typeof value === 'number' && value >= 0 && Math.fround(value) < 1,
  expected: 'a number of at least 0 and below 1',
};

export const activationName: SpecField = {
  isValid: (value) => ACTIVATIONS.includes(value as ActivationName),
  expected: `one of ${ACTIVATIONS.join(', ')}`,
};

export const optionalActivation: SpecField = {
  isValid: (value) => value === 'none' || ACTIVATIONS.includes(value as ActivationName),
  expected: `none or one of ${ACTIVATIONS.join(', ')}`,
  isOptional: true,
};

/**
 * Reads a layer's description: its fields in their one order, with what is left out filled in.
 *
 * @throws BitgradError at the first field that is missing, unknown or not valid
 */
export function checkFields<Spec extends LayerSpec>(
  raw: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<Exclude<keyof Spec, 'type'>, SpecField>>,
): Spec {
  const table = fields as Readonly<Record<string, SpecField>>;
  const unknown = Object.keys(raw).find((name) => name !== 'type' && !Object.hasOwn(table, name));
  if (unknown !== undefined) {
    throw new BitgradError(
      `expected ${Object.keys(table).join(', ') || 'nothing else'}, received ${show(unknown)}`,
    );
  }
  const spec: Record<string, unknown> = { type: raw.type };
  for (const [name, { isValid, expected, fallback, isOptional }] of Object.entries(table)) {
    const value = raw[name] ?? fallback;
    if (value === undefined && isOptional) continue;
    if (!isValid(value)) {
      throw new BitgradError(`${name}: expected ${expected}, received ${show(value)}`);
    }
    spec[name] = isPair(value) && value[0] === value[1] ? value[0] : value;
  }
  return spec as unknown as Spec;
}

const isPair = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2;

/** What layers look like, for messages. */
export const EXPECTED_LAYERS = `at least two widths from 1 to ${LARGEST_WIDTH}, as in 784,32,10, or layers as in 28x28,conv16,pool,drop:0.2,10`;

export function widthsError(received: unknown): BitgradError {
  return new BitgradError(`expected ${EXPECTED_LAYERS}, received ${show(received)}`);
}
