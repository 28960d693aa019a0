import { BitgradError, show } from '../errors.js';
import { cosineOfPi } from '../math/cosine.js';

/** How the learning rate changes. */
export type Schedule =
  | { readonly kind: 'constant' }
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  | { readonly kind: 'cosine' };

/**
 * @param text `constant`, `step:EVERY,FACTOR` (every EVERY epochs, the rate is multiplied by
 *   FACTOR) or `cosine` (from the rate down to nearly 0 over the whole run)
 * @throws BitgradError on any other text
 */
export function parseSchedule(text: string): Schedule {
  if (text === 'constant' || text === 'cosine') return { kind: text };
  const match = /^step:(\d+),([^,]+)$/.exec(text);
  const [every, factor] = [Number(match?.[1]), Number(match?.[2])];
  if (match && every >= 1 && factor > 0 && Number.isFinite(factor))
    return { kind: 'step', every, factor };
  throw new BitgradError(
    `schedule: expected constant, cosine or step:EVERY,FACTOR (as in step:10,0.5), received ${show(text)}`,
  );
}

/**
 * The learning rates of an epoch's steps, computed in binary64 and rounded once to binary32
 * (contract, rule 8). Cosine at step t of T in the run: `rate · ½ · (1 + cos(π·t ÷ T))`
 * (Loshchilov and Hutter 2017, without restarts).
 *
 * @param rate the rate to begin with
 * @param epoch counted from 0
 * @returns `[stepsPerEpoch]`
 */
export function epochRates(
  schedule: Schedule,
  rate: number,
  epoch: number,
  epochs: number,
  stepsPerEpoch: number,
): Float32Array {
  const rates = new Float32Array(stepsPerEpoch);
  if (schedule.kind === 'cosine') {
    const total = epochs * stepsPerEpoch;
    for (let step = 0; step < stepsPerEpoch; step += 1) {
      rates[step] = rate * 0.5 * (1 + cosineOfPi((epoch * stepsPerEpoch + step) / total));
    }
    return rates;
  }
  let current = rate;
  if (schedule.kind === 'step') {
    for (let fall = schedule.every; fall <= epoch; fall += schedule.every)
      current *= schedule.factor;
  }
  return rates.fill(current);
}
