import type { Op } from '../program/ops.js';
import type { SliceDeclaration } from '../program/program.js';
import type { Parameter } from './layer.js';

/** Where an op writes a parameter's gradient: into its slice, or where there are shards, their sums. */
export function sumsOf({ gradient }: Parameter, shards: number): string {
  return shards === 1 ? gradient : `${gradient}.shards`;
}

/** The slices of the shards' sums. */
export function shardSlices(parameters: readonly Parameter[], shards: number): SliceDeclaration[] {
  if (shards === 1) return [];
  return parameters
    .filter(({ isTrained }) => isTrained)
    .map((parameter) => [sumsOf(parameter, shards), 'f32', shards, ...parameter.shape]);
}

/** The ops that add the shards' sums. */
export function foldShards(parameters: readonly Parameter[], shards: number): Op[] {
  if (shards === 1) return [];
  return parameters
    .filter(({ isTrained }) => isTrained)
    .map((parameter) => ({
      op: 'foldShards',
      sums: sumsOf(parameter, shards),
      gradient: parameter.gradient,
      length: parameter.length,
      shards,
    }));
}
