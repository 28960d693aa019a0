import { BitgradError, type Dataset, show } from '@bitgrad/core';
import { checkInputSize } from '../limits.js';
import type { LoadOptions } from '../options.js';
import { TableSamples } from './fill.js';
import { planTable, type TablePlan } from './plan.js';
import { type Survey, surveyTable, type TableParts } from './survey.js';

/**
 * Makes a data set of a table in two passes over its files: the first counts the rows and finds out
 * what each column holds, the second fills memory that was allocated once.
 *
 * @param name of the data set
 * @throws BitgradError naming file, line and column of what is wrong
 */
export async function readTable(
  name: string,
  parts: TableParts,
  options: LoadOptions,
): Promise<Dataset> {
  const sources = [...parts.train, ...parts.test];
  const { fileName } = sources[0]!;
  const survey = await surveyTable(parts, options);
  const plan = planTable(survey, options, fileName);
  const count = survey.trainCount + survey.testCount;
  checkInputSize(fileName, count, plan.width, 4);
  const samples = new TableSamples(plan, count);
  for (const source of sources) await samples.read(source, survey.hasHeader);
  samples.checkFull(fileName);
  if (!options.like) checkTrainedClasses(plan, survey, samples.labels, parts);
  return {
    name,
    inputs: samples.inputs,
    features: plan.width,
    image: null,
    labels: samples.labels,
    classes: plan.classes?.count ?? 0,
    trainCount: survey.trainCount,
    testCount: survey.testCount,
    classNames: plan.classes?.names,
    values: samples.values,
    encoding: plan.encoding,
  };
}

/** A class that only the test part has cannot be learnt. */
function checkTrainedClasses(
  { classes, encoding }: TablePlan,
  { trainCount, testCount }: Survey,
  labels: Uint32Array,
  { test }: TableParts,
): void {
  if (classes === null || testCount === 0) return;
  const trained = new Set(labels.subarray(0, trainCount));
  for (const [label, index] of classes.indices) {
    if (trained.has(index)) continue;
    if (!labels.subarray(trainCount).includes(index)) continue;
    throw new BitgradError(
      `${test[0]!.fileName}: expected only classes of the training part, received ${show(label)} in column ${show(encoding.label)}`,
    );
  }
}
