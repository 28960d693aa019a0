import { parameterCount, parameterShapes } from '@bitgrad/core';
import type { Command } from '../command.js';
import { printModel } from '../display/model.js';
import { readModel } from '../model-file.js';
import { emit } from '../output.js';

/** `bitgrad inspect MODEL`. */
export const inspectCommand: Command = {
  positionals: { model: 'the model file' },
  options: {},
  examples: [
    ['inspect model.safetensors', 'for people'],
    ['inspect model.safetensors --json', 'the whole receipt, as one JSON object'],
  ],

  async run(argv, { json }) {
    const file = String(argv.model);
    const { model, bytes } = await readModel(file);
    if (json) {
      const { recipe, receipt, run, classNames, encoding } = model;
      const tensors = parameterShapes(recipe).map(({ name, shape }) => ({ name, shape }));
      const parameters = parameterCount(recipe);
      const input = { classNames, encoding };
      emit({ event: 'model', file, bytes, parameters, tensors, receipt, run, ...input });
    } else printModel(file, model, bytes);
    return true;
  },
};
