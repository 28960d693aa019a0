import { AbortedError, encodeModel, RECIPES, type RunRecord, train } from '@bitgrad/core';
import { loadDataset } from '@bitgrad/formats';
import type { Options } from 'yargs';
import { backendOptions, type Choice, chooseBackend } from '../backends.js';
import { type Command, valueOption } from '../command.js';
import { humanDisplay } from '../display/human-display.js';
import { jsonDisplay } from '../display/json-display.js';
import { prepareOutput, replaceFile } from '../files.js';
import { readRequest } from '../train/request.js';
import { RECIPE_NAMES, SETTINGS, settingText } from '../train/settings.js';
import { installedVersions } from '../versions.js';

/** `bitgrad train`. */
export const trainCommand: Command = {
  usage: 'train',
  summary: 'train a network by a recipe; write the model file',
  options: {
    recipe: valueOption(
      `${RECIPE_NAMES}: fills every setting; each option overrides one`,
      'mnist',
      'Recipe:',
    ),
    config: valueOption(
      'a YAML or JSON file of option names and values, between recipe and options',
      undefined,
      'Recipe:',
    ),
    data: valueOption('mnist (comes along) or a folder of IDX files', 'mnist', 'Data:'),
    ...settingOptions(),
    loss: valueOption('cross-entropy', 'cross-entropy', 'Training:'),
    ...backendOptions,
    out: valueOption(
      'the model file, replaced only when all is done',
      'model.safetensors',
      'Output:',
    ),
  },
  examples: [
    ['train', 'the main job: all of MNIST, at least 97 % of the test images'],
    ['train --recipe seed --lr 0.1 --seed 7', 'a small experiment, with two settings changed'],
    ['train --layers 784,128,10 --backend wasm', 'a wider network; no native code'],
    ['train --config my.yaml --json', 'settings from a file; one JSON object an event'],
  ],
  epilogue: `Recipes:
  mnist    a network 784-32-10 on all of MNIST, binarised and shifted by a pixel; 97 % and more
  seed     5,000 images split 70/15/15, one image a step, 5 epochs
  listing  as seed, with ReLU before softmax, weights from N(0, 0.1), training on validation too

The defaults above are those of recipe mnist. The same recipe, data and seed give the same bits
on every backend and machine.`,

  async run(argv, { signal, json }) {
    const request = await readRequest(argv);
    const target = await prepareOutput(request.out);
    const choice = await chooseBackend(request.backend, request.threads, request.isa);
    const dataset = await loadDataset(request.data);
    const display = json ? jsonDisplay() : humanDisplay();
    const model = await train({
      recipe: request.recipe,
      dataset,
      backend: choice.backend,
      signal,
      onStart: (report) => display.start(report, choice),
      onProgress: (progress) => display.progress(progress),
      onEpoch: (report) => display.epoch(report),
    })
      .catch((error: unknown) => {
        throw request.explain(error);
      })
      .finally(() => display.close());
    const bytes = encodeModel({ ...model, run: runRecord(choice, model) });
    if (signal.aborted) throw new AbortedError('the run was interrupted');
    await replaceFile(target, bytes);
    display.finish({ model, out: request.out, bytes: bytes.length });
    return true;
  },
};

function settingOptions(): Record<string, Options> {
  const { mnist } = RECIPES;
  return Object.fromEntries(
    SETTINGS.map((setting) => {
      const { option, describe, group, isFlag } = setting;
      const described = valueOption(describe, settingText(setting, mnist!), group);
      if (isFlag) delete described.nargs;
      return [option, described];
    }),
  );
}

function runRecord(
  { backend }: Choice,
  { trainSeconds, samplesPerSecond }: { trainSeconds: number; samplesPerSecond: number },
): RunRecord {
  return {
    versions: installedVersions(),
    backend: backend.name,
    isa: backend.isa,
    threads: backend.threads,
    trainSeconds,
    samplesPerSecond,
    finishedAt: new Date().toISOString(),
  };
}
