import { BitgradError, Predictor, predictionOf } from '@bitgrad/core';
import { textOf } from '../arguments.js';
import { backendOf, backendOptions } from '../backends.js';
import { type Command, valueOption } from '../command.js';
import { readModel } from '../model-file.js';
import { emit, note } from '../output.js';
import { findImages } from '../predict/find-images.js';
import { explainPrediction, printPrediction } from '../predict/prediction.js';
import { PREPARATIONS, preparationOf, readImage } from '../predict/prepare-image.js';

/** `bitgrad predict MODEL IMAGE…`. */
export const predictCommand: Command = {
  positionals: {
    model: 'the model file',
    image: 'image files, folders of them, or patterns as in *.png',
  },
  options: {
    prepare: valueOption(
      `${PREPARATIONS}: digit finds the ink on any ground and centres it as MNIST does; resize only makes the image grey and as large as the model's`,
      'digit for models trained on mnist, else resize',
      'Image:',
    ),
    ...backendOptions,
  },
  examples: [
    ['predict model.safetensors photo.jpg', 'a digit on paper'],
    ['predict model.safetensors scans', 'all images in a folder'],
    ['predict model.safetensors *.png --json', 'one JSON object an image'],
  ],

  async run(argv, { json }) {
    const path = String(argv.model);
    const { model } = await readModel(path);
    const files = await findImages((argv.image as readonly unknown[]).map(String));
    const preparation = preparationOf(textOf(argv, 'prepare'), model, path);
    const { backend } = await backendOf(argv);
    const predictor = new Predictor(model, backend);
    let failures = 0;
    try {
      for (const file of files) {
        try {
          const outputs = predictor.predict(await readImage(file, preparation));
          const prediction = predictionOf(model, outputs);
          if (json) emit({ event: 'prediction', file, ...prediction });
          else printPrediction(file, prediction, model.classNames);
        } catch (error) {
          // One bad image among many must not hide the others.
          if (!(error instanceof BitgradError) || files.length === 1) throw error;
          failures += 1;
          note(explainPrediction(file, error));
        }
      }
    } finally {
      predictor.close();
    }
    return failures === 0;
  },
};
