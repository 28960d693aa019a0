import { signal } from '@preact/signals';
import type { UnitPlace } from '../../../worker/protocol.js';

/** The unit whose lines are lit, because somebody points at it or has come to it by keyboard. */
export const lit = signal<UnitPlace | null>(null);

export function isLit({ layer, unit }: UnitPlace): boolean {
  return lit.value?.layer === layer && lit.value.unit === unit;
}
