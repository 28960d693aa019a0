import { BitgradError } from '@bitgrad/core';
import { fetchBytes } from './fetch-bytes.js';
import { typescriptLoader, wasmLoader } from './loaders.js';
import type { Platform } from './platform.js';
import { datasetOfBytes } from './text-data.js';

/** Browsers, workers and edge runtimes: WebAssembly, and what `fetch` brings. */
export const platform: Platform = {
  loaders: [wasmLoader, typescriptLoader],
  versions: async () => ({}),
  placeOf: ({ href }) => href,
  loadDataset: async (source, options) =>
    datasetOfBytes(await fetchBytes(source), source, options, platform),
  readBytes: fetchBytes,
  async writeBytes(path) {
    throw new BitgradError(
      `save: expected files to write ${path} to, received a platform without any`,
      'model.toBytes() gives the bytes, to download, store or send',
    );
  },
  async loadBinary() {
    throw new BitgradError(
      'data: expected CSV text, plain or gzipped, received bytes of another kind',
      'read the file with what knows it, and give its rows',
    );
  },
  sweep: refuseProcesses,
  verifyInParts: refuseProcesses,
  async decodeImage(bytes) {
    const { createImageBitmap, OffscreenCanvas } = globalThis as unknown as Canvas;
    if (createImageBitmap === undefined || OffscreenCanvas === undefined) {
      throw new BitgradError(
        'image: expected an engine that decodes images, received one that does not',
        'decode the image elsewhere, and give its pixels: { width, height, data }',
      );
    }
    const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    }).catch(() => {
      throw new BitgradError('image: expected a picture, received bytes that do not decode');
    });
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, pixels: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  },
};

async function refuseProcesses(): Promise<never> {
  throw new BitgradError(
    'expected a platform with files and processes, as Node, received one without',
    'call train or verify for each training by itself',
  );
}

/** What browsers and their workers have, and edge runtimes do not. */
interface Canvas {
  readonly createImageBitmap?: (
    blob: Blob,
    options: object,
  ) => Promise<{ readonly width: number; readonly height: number }>;
  readonly OffscreenCanvas?: new (
    width: number,
    height: number,
  ) => {
    getContext(kind: '2d'): {
      drawImage(bitmap: object, x: number, y: number): void;
      getImageData(
        x: number,
        y: number,
        width: number,
        height: number,
      ): { readonly data: Uint8ClampedArray };
    };
  };
}
