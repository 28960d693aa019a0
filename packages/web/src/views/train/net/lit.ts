import { signal } from '@preact/signals';

/** A unit of the network on the stage: its layer, counted from the first that is drawn, and its place. */
export interface UnitPlace {
  readonly layer: number;
  readonly unit: number;
}

/** The unit whose lines are lit, because somebody points at it or has come to it by keyboard. */
export const lit = signal<UnitPlace | null>(null);

export function isLit({ layer, unit }: UnitPlace): boolean {
  return lit.value?.layer === layer && lit.value.unit === unit;
}
