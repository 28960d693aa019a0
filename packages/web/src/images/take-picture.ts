import { PixelBudget } from '@bitgrad/formats/image-folder';
import { prepareDigit } from '@bitgrad/formats/prepare';
import { notice } from '../state/store.js';
import { tellError } from '../state/worker.js';
import { clearPad, padPicture } from '../views/draw/drawing.js';
import { decodeHere } from './decode.js';

/** Puts a picture of a digit on the pad: a photograph of paper, or what another program drew. */
export async function takePicture(file: File): Promise<void> {
  notice.value = null;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { pixels, width, height } = await decodeHere(bytes, file.name, new PixelBudget());
    const digit = prepareDigit(pixels, width, height);
    clearPad();
    padPicture.value = digit;
  } catch (error) {
    tellError(error);
  }
}
