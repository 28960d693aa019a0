import type { Case, GroupCase } from './case.js';
import { elementaryCases } from './groups/elementary.js';
import { gradientCases } from './groups/gradients.js';
import { kernelCases } from './groups/kernels.js';
import { listedSampleCases } from './groups/listed-samples.js';
import { opCases } from './groups/ops.js';
import { programCases } from './groups/programs.js';
import { randomCases } from './groups/random.js';
import { rankCases } from './groups/ranks.js';
import { referenceCases } from './groups/reference.js';
import { sessionCases } from './groups/session.js';
import { splitStepCases } from './groups/split-steps.js';
import { trainingCases } from './groups/trainings.js';

/** The groups of the suite, from the smallest parts to whole trainings. */
const GROUPS: Readonly<Record<string, () => GroupCase[]>> = {
  random: randomCases,
  elementary: elementaryCases,
  kernels: kernelCases,
  ops: opCases,
  programs: programCases,
  gradients: gradientCases,
  reference: referenceCases,
  session: sessionCases,
  'split steps': splitStepCases,
  'listed samples': listedSampleCases,
  trainings: trainingCases,
  ranks: rankCases,
};

/** Everything that a backend must get right. */
export function suite(): readonly Case[] {
  return Object.entries(GROUPS).flatMap(([group, cases]) =>
    cases().map((one) => ({ group, ...one })),
  );
}
