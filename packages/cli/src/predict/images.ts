import {
  type Backend,
  BitgradError,
  Predictor,
  predictionOf,
  type SavedModel,
} from '@bitgrad/core';
import type { ImagePreparation } from '@bitgrad/formats/images';
import { emit, note } from '../output.js';
import { findImages } from './find-images.js';
import { explainPrediction, printPrediction } from './prediction.js';
import { readImage } from './prepare-image.js';

/**
 * Predicts images and prints what they are.
 *
 * @param paths of files, folders and patterns
 * @returns whether all could be read
 */
export async function predictImages(
  model: SavedModel,
  backend: Backend,
  paths: readonly string[],
  preparation: ImagePreparation,
  json: boolean,
): Promise<boolean> {
  const files = await findImages(paths);
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
}
