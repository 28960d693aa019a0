import { type Checkpoint, decodeCheckpoint, show } from '@bitgrad/core';
import type { ImageSize, LoadOptions } from '@bitgrad/formats';
import { embeddedData } from '../data-options.js';
import { readFileBytes } from '../files.js';
import { UsageError } from '../usage-error.js';
import type { Setting } from './settings.js';

const KEEP =
  'a resumed training keeps its recipe: leave the option out, or train anew without --resume';

/** @throws BitgradError if the file cannot be read or is not a whole, honest checkpoint */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  return decodeCheckpoint(await readFileBytes(path), path);
}

/** The data of a checkpoint, or by default mnist. */
export function dataOf(checkpoint: Checkpoint | undefined, path: string | undefined): string {
  if (checkpoint === undefined || path === undefined) return 'mnist';
  return embeddedData(checkpoint.dataset.name, path, 'go on with');
}

/** How a checkpoint's training read its data: a table as the encoding says, or as 0.1.0 did. */
export function readAs({ encoding }: Checkpoint): LoadOptions {
  if (encoding === undefined) return { rules: 1 };
  return encoding === null ? {} : { encoding };
}

/**
 * Checks that nothing that was asked for contradicts a checkpoint.
 *
 * @param recipeName as given with `--recipe`
 * @param whereIs what to call an option in messages
 * @throws UsageError that names the first option that does
 */
export function checkAgainst(
  { recipe }: Checkpoint,
  path: string,
  recipeName: string | undefined,
  changes: readonly { readonly setting: Setting; readonly value: unknown }[],
  whereIs: (option: string) => string,
): void {
  if (recipeName !== undefined && recipeName !== recipe.name) {
    throw new UsageError(
      `${whereIs('recipe')}: expected ${recipe.name}, which ${path} was trained by, received ${show(recipeName)}`,
      KEEP,
    );
  }
  for (const { setting, value } of changes) {
    // Weights by the names of classes are compared when the data are there.
    if (setting.field === 'classWeights' && typeof value === 'object' && !Array.isArray(value))
      continue;
    if (JSON.stringify(value) === JSON.stringify(recipe[setting.field])) continue;
    const received = Array.isArray(value) ? value.join(',') : (value ?? setting.nullWord);
    throw new UsageError(
      `${whereIs(setting.option)}: expected ${setting.textIn(recipe)}, which ${path} was trained with, received ${received}`,
      KEEP,
    );
  }
}

/** @throws UsageError if images are to have another size than those of a checkpoint */
export function checkImageSize(
  { dataset: { image } }: Checkpoint,
  { height, width }: ImageSize,
  where: string,
): void {
  if (image === null || (image.height === height && image.width === width)) return;
  throw new UsageError(
    `${where}: expected ${image.height}x${image.width}, which the images were trained with, received ${height}x${width}`,
    KEEP,
  );
}
