import { BitgradError, show } from '../errors.js';
import { cosineOfPi } from '../math/cosine.js';
import { BETA1, BETA2 } from '../network/optimizers.js';

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

/** The part of a recipe that decides the learning rates. */
export interface RatePlan {
  readonly learningRate: number;
  /** See `parseSchedule`. */
  readonly schedule: string;
  /** Over how many steps the rate rises to where the schedule has it. */
  readonly warmup: number;
  readonly epochs: number;
}

/**
 * The learning rates of an epoch's steps, in binary64 (contract, rule 8). At step t of the run's T:
 * cosine is `rate · ½ · (1 + cos(π·(t ÷ T)))` (Loshchilov and Hutter 2017, without restarts);
 * `step` multiplies once more after every EVERY epochs; while t is below `warmup`, the result is
 * multiplied by `(t + 1) ÷ warmup`.
 *
 * @param epoch counted from 0
 * @returns `[stepsPerEpoch]`
 */
export function epochRates(plan: RatePlan, epoch: number, stepsPerEpoch: number): Float64Array {
  const { learningRate, warmup, epochs } = plan;
  const schedule = parseSchedule(plan.schedule);
  const rates = new Float64Array(stepsPerEpoch);
  let fallen = learningRate;
  if (schedule.kind === 'step') {
    for (let at = schedule.every; at <= epoch; at += schedule.every) fallen *= schedule.factor;
  }
  for (let step = 0; step < stepsPerEpoch; step += 1) {
    const t = epoch * stepsPerEpoch + step;
    const rate =
      schedule.kind === 'cosine'
        ? learningRate * 0.5 * (1 + cosineOfPi(t / (epochs * stepsPerEpoch)))
        : fallen;
    rates[step] = t < warmup ? rate * ((t + 1) / warmup) : rate;
  }
  return rates;
}

/**
 * Adam's scalars for an epoch's steps, in binary64: with t counted from 1 over the whole run and
 * powers made by repeated multiplication, `rate ÷ (1 − β₁ᵗ)`, `√(1 − β₂ᵗ)`, `1 − rate·weightDecay`.
 *
 * @param rates `[steps]`
 * @param stepsBefore steps of the run before this epoch
 * @returns `[steps, 3]`
 */
export function adamScalars(
  rates: Float64Array,
  stepsBefore: number,
  weightDecay: number,
): Float64Array {
  const scalars = new Float64Array(3 * rates.length);
  let power1 = 1;
  let power2 = 1;
  for (let step = -stepsBefore; step < rates.length; step += 1) {
    power1 *= BETA1;
    power2 *= BETA2;
    if (step < 0) continue;
    const rate = rates[step]!;
    scalars[3 * step] = rate / (1 - power1);
    scalars[3 * step + 1] = Math.sqrt(1 - power2);
    scalars[3 * step + 2] = 1 - rate * weightDecay;
  }
  return scalars;
}
