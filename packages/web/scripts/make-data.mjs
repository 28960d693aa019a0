// Makes the data that the page loads, in `public/data`: MNIST as one bit a pixel (`first`, enough for
// a first view, and `rest`), and for each of the two the grey values that the bits leave out.
// The shipped model (`model/model.safetensors`) is packed beside them.
// `manifest.json` says what is in which file, with the digests of the whole data set.
//
// `node scripts/make-data.mjs`; it does nothing where the pack is there already.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { datasetSha256, inputSha256 } from '@bitgrad/core';
import { loadMnist } from '@bitgrad/formats';
import { packBits, packFile, packGrey } from './pack.mjs';

/** Raised when the form of the pack changes, so that an old one is made anew. */
const FORMAT = 1;
/** How many training and test samples the first part holds. */
const FIRST = { train: 6000, test: 1000 };

const folder = fileURLToPath(new URL('../public/data/', import.meta.url));
const manifestFile = join(folder, 'manifest.json');
const shippedModel = packFile(
  'model',
  readFileSync(fileURLToPath(new URL('../model/model.safetensors', import.meta.url))),
);

function isMade() {
  if (!existsSync(manifestFile)) return false;
  const { format, model, parts } = JSON.parse(readFileSync(manifestFile, 'utf8'));
  if (format !== FORMAT || model?.file !== shippedModel.entry.file) return false;
  const files = parts.flatMap(
    (/** @type {{ bits: { file: string }, grey: { file: string } }} */ part) => [
      part.bits.file,
      part.grey.file,
    ],
  );
  return [model.file, ...files].every((/** @type {string} */ file) =>
    existsSync(join(folder, file)),
  );
}

/**
 * Writes a part's two files.
 * @param {import('@bitgrad/core').Dataset} dataset
 * @param {string} name
 * @param {{ train: [number, number], test: [number, number] }} ranges sample numbers, the end left out
 */
function makePart({ inputs, labels, features, trainCount }, name, ranges) {
  const spans = [
    ranges.train,
    /** @type {[number, number]} */ (ranges.test.map((index) => index + trainCount)),
  ];
  const pixels = Buffer.concat(
    spans.map(([begin, end]) =>
      /** @type {Uint8Array} */ (inputs).subarray(begin * features, end * features),
    ),
  );
  const classes = spans.flatMap(([begin, end]) => [...labels.subarray(begin, end)]);
  const bits = packFile(name, Buffer.concat([Uint8Array.from(classes), packBits(pixels)]));
  const grey = packFile(`${name}-grey`, packGrey(pixels));
  for (const { data, entry } of [bits, grey]) writeFileSync(join(folder, entry.file), data);
  return { ...ranges, bits: bits.entry, grey: grey.entry };
}

if (!isMade()) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dataset = await loadMnist();
  const { name, image, features, classes, trainCount, testCount } = dataset;
  writeFileSync(join(folder, shippedModel.entry.file), shippedModel.data);
  const manifest = {
    format: FORMAT,
    name,
    image,
    features,
    classes,
    trainCount,
    testCount,
    sha256: await datasetSha256(dataset),
    inputSha256: await inputSha256(dataset, 'binarize'),
    model: shippedModel.entry,
    parts: [
      makePart(dataset, 'first', { train: [0, FIRST.train], test: [0, FIRST.test] }),
      makePart(dataset, 'rest', {
        train: [FIRST.train, trainCount],
        test: [FIRST.test, testCount],
      }),
    ],
  };
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
}
