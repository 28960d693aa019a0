// What reads things from elsewhere: how an input of each kind is made, and what is done with it.

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readConfigFile } from '../../packages/cli/dist/train/config-file.js';
import { preparationSha256 } from '../../packages/core-ts/dist/file/digest.js';
import {
  BitgradError,
  checkDataset,
  checkRecipe,
  decodeCheckpoint,
  decodeModel,
  decodeSafetensors,
  encodeModel,
  encodeSafetensors,
  Predictor,
  RECIPE_FIELDS,
  RECIPES,
  typescriptBackend,
} from '../../packages/core-ts/dist/index.js';
import { compileInference, compileTraining } from '../../packages/core-ts/dist/network/compile.js';
import { validateProgram } from '../../packages/core-ts/dist/program/validate.js';
import { exportModel } from '../../packages/formats/dist/export/index.js';
import { decodeImage, loadDataset, readIdx } from '../../packages/formats/dist/index.js';
import { callKernel, callSession, hasBinding, makeCall } from './binding.mjs';
import { CORPUS } from './corpus.mjs';
import { mendPng, zip } from './formats.mjs';
import { makeLink, readLink } from './link.mjs';
import { forgetFiles, putFile } from './memory-files.mjs';
import { mutateBytes, mutateStructure } from './mutate.mjs';
import { makeAnswer, makeJob, readAnswer, readJob } from './queue.mjs';

const OPTIONS = [
  {},
  {},
  {},
  { task: 'regression' },
  { label: 1 },
  { label: 'label' },
  { header: true },
];
/** Larger arenas, and more shards than a recipe may ask for, only take time. */
const MOST_ARENA = 2 ** 24;
const MOST_SHARDS = 1024;
const CONFIG_OPTIONS = [
  ...RECIPE_FIELDS.flatMap(({ option }) => (option === null ? [] : [option.name])),
  'recipe',
  'data',
  'out',
];

/** @typedef {import('./random.mjs').Random} Random */

/** A changed member of the corpus. */
const fromBytes = (kind) => (random) =>
  mutateBytes(random.pick(CORPUS[kind]), random, CORPUS[kind]);

/** Of so many inputs one lies on a disk, the others in memory alone. */
const ON_DISK = 50;

/** Puts files into a folder, and has them read. @param {[string, Uint8Array][]} files by their names in it */
async function withFiles(files, random, folder, read) {
  const isOnDisk = random.once(ON_DISK);
  for (const [name, bytes] of files) {
    const place = join(folder, name);
    if (isOnDisk) mkdirSync(dirname(place), { recursive: true });
    (isOnDisk ? writeFileSync : putFile)(place, bytes);
  }
  try {
    await read();
  } finally {
    if (isOnDisk) for (const [name] of files) rmSync(join(folder, name));
    else forgetFiles();
  }
}

/** Reads a file as data; what was read must be whole. */
const asData = (name) => (bytes, random, folder) =>
  withFiles([[name, bytes]], random, folder, async () =>
    checkDataset(await loadDataset(join(folder, name), random.pick(OPTIONS))),
  );

const INPUT = { sampleCount: 5, capacity: 4, preprocess: 'scale', shift: null, affine: null };
const NETWORK = { ...RECIPES.mnist, layers: [6, 3, 2] };
const PROGRAMS = [
  compileTraining(NETWORK, INPUT, { ...RECIPES.mnist, batchSize: 3, weighsClasses: false }),
  compileTraining(
    { ...NETWORK, dropout: 0.5 },
    { ...INPUT, preprocess: 'none' },
    { ...RECIPES.mnist, optimizer: 'adam', batchSize: 2, shards: 2, weighsClasses: true },
  ),
  compileInference(NETWORK, INPUT),
];

const KNOWN_RECIPES = Object.values(RECIPES);

/**
 * By name: `make` an input, `read` it. Both take the input's random numbers. `corpus`: where `make` takes what it changes,
 * if an input may be changed further.
 */
export const READERS = {
  csv: { make: fromBytes('csv'), corpus: CORPUS.csv, read: asData('t.csv') },
  gzip: {
    corpus: CORPUS.gzip,
    // The text is changed inside, so that its sum is right, or the packed bytes are.
    make: (random) =>
      random.once(3) ? fromBytes('gzip')(random) : gzipSync(fromBytes('csv')(random)),
    read: asData('t.csv.gz'),
  },
  npy: { make: fromBytes('npy'), corpus: CORPUS.npy, read: asData('t.npy') },
  npz: {
    make(random) {
      const entries = random
        .pick(CORPUS.npz)
        .map(([name, data]) => [
          random.once(20) ? random.pick(['x.npy', '../x.npy', 'y.npy', 'X_TRAIN.NPY', '']) : name,
          random.once(2) ? mutateBytes(data, random, CORPUS.npy) : data,
        ]);
      const file = zip(entries, random.once(2));
      return random.once(3) ? mutateBytes(file, random, CORPUS.npy) : file;
    },
    read: asData('t.npz'),
  },
  npyFolder: {
    make: (random) =>
      random
        .pick(CORPUS.npz)
        .map(([name, data]) => [
          name,
          random.once(2) ? mutateBytes(data, random, CORPUS.npy) : data,
        ]),
    read: (files, random, folder) =>
      withFiles(
        files.map(([name, data]) => [join('arrays', name), data]),
        random,
        folder,
        async () => {
          const options = random.pick([{}, { task: 'regression' }]);
          checkDataset(await loadDataset(join(folder, 'arrays'), options));
        },
      ),
  },
  idx: {
    make: fromBytes('idx'),
    corpus: CORPUS.idx,
    read: async (bytes) => void readIdx(bytes, 'file'),
  },
  png: {
    corpus: CORPUS.png,
    make: (random) => {
      const bytes = fromBytes('png')(random);
      return random.once(4) ? bytes : mendPng(bytes);
    },
    read: async (bytes) => void (await decodeImage(bytes, 'file')),
  },
  parquet: { make: fromBytes('parquet'), corpus: CORPUS.parquet, read: asData('t.parquet') },
  arrow: { make: fromBytes('arrow'), corpus: CORPUS.arrow, read: asData('t.arrow') },
  xlsx: {
    make(random) {
      const entries = random.pick(CORPUS.xlsx);
      const others = entries.map(([, data]) => data);
      const changed = entries.map(([name, data]) => [
        name,
        random.once(2) ? mutateBytes(data, random, others) : data,
      ]);
      const file = zip(changed, random.once(2));
      return random.once(4) ? mutateBytes(file, random, others) : file;
    },
    read: asData('t.xlsx'),
  },
  lines: { make: fromBytes('lines'), corpus: CORPUS.lines, read: asData('t.jsonl') },
  safetensors: {
    make: fromBytes('model'),
    corpus: CORPUS.model,
    read: async (bytes) => void decodeSafetensors(bytes, 'file'),
  },
  model: { make: forgedModel, corpus: CORPUS.model, read: useModel },
  receipt: {
    corpus: CORPUS.model,
    make(random) {
      const { tensors, metadata } = decodeSafetensors(random.pick(CORPUS.model), 'file');
      const receipt = JSON.stringify(mutateStructure(JSON.parse(metadata.receipt), random));
      return encodeSafetensors({ tensors, metadata: { ...metadata, receipt } });
    },
    read: useModel,
  },
  checkpoint: {
    make: forgedCheckpoint,
    corpus: CORPUS.checkpoint,
    read: async (bytes) => void (await decodeCheckpoint(bytes, 'file')),
  },
  recipe: {
    corpus: KNOWN_RECIPES,
    make(random) {
      const recipe = mutateStructure(random.pick(KNOWN_RECIPES), random);
      if (!random.once(2) || typeof recipe !== 'object' || recipe === null) return recipe;
      const { name, text } = random.pick(RECIPE_FIELDS);
      const word = mutateBytes(Buffer.from(String(RECIPES.mnist[name])), random, CORPUS.csv);
      return { ...recipe, [name]: text.parse(word.toString('latin1')) };
    },
    read: async (recipe) => void checkRecipe(recipe),
  },
  config: {
    make: fromBytes('config'),
    corpus: CORPUS.config,
    read: (bytes, random, folder) =>
      withFiles([['c.yaml', bytes]], random, folder, () =>
        readConfigFile(join(folder, 'c.yaml'), CONFIG_OPTIONS),
      ),
  },
  program: { make: forgedProgram, corpus: PROGRAMS, read: runProgram },
  job: { make: makeJob, read: readJob },
  answer: { make: makeAnswer, read: readAnswer },
  // The server alone takes as long to load as all else, and each reader has a thread of its own.
  http: {
    make: async (random) => (await import('./http.mjs')).makeRequest(random),
    async read(request) {
      const { sendRequest } = await import('./http.mjs');
      // A refusal is an answer here, which is counted as one.
      if (!(await sendRequest(request))) throw new BitgradError('refused');
    },
  },
  link: { make: makeLink, read: readLink },
  ...(hasBinding && {
    kernels: { make: makeCall, read: callKernel },
    binding: { make: makeCall, read: callSession },
  }),
};

/** A model with other names, receipt, run or header, and the digests that fit them. */
async function forgedModel(random) {
  const { tensors, metadata } = decodeSafetensors(random.pick(CORPUS.model), 'file');
  const parts = Object.fromEntries(
    Object.entries(metadata).map(([name, text]) => [name, JSON.parse(text)]),
  );
  const name = random.pick(Object.keys(parts));
  parts[name] = mutateStructure(parts[name], random);
  if (random.once(3)) {
    const { values } = random.pick(tensors);
    values[random.below(values.length)] = random.pick([0, -0, 1e38, -1e38, 1e-45, 0.5]);
  }
  const { receipt, input } = parts;
  if (typeof receipt === 'object' && receipt !== null) {
    const of = (pattern) => tensors.filter((tensor) => pattern.test(tensor.name));
    receipt.weightsSha256 = sha256(of(/^layers\./));
    const [mean, deviation] = ['input.mean', 'input.deviation'].map(
      (tensor) => tensors.find((one) => one.name === tensor)?.values,
    );
    const preparation = await preparationSha256({
      classNames: input?.classNames ?? null,
      encoding: input?.encoding ?? null,
      standardization: mean && deviation ? { mean, deviation } : null,
    }).catch(() => null);
    if (preparation !== null) receipt.preparationSha256 = preparation;
  }
  const texts = Object.entries(parts).map(([key, value]) => [key, JSON.stringify(value) ?? '']);
  return encodeSafetensors({ tensors, metadata: Object.fromEntries(texts) });
}

/** A model that was taken is used: a sample, every export, and its file once more. */
async function useModel(bytes) {
  const model = await decodeModel(bytes, 'file');
  const { features } = decodeFeatures(model);
  const predictor = new Predictor(model, typescriptBackend());
  try {
    predictor.predict(
      model.recipe.preprocess === 'none' ? new Float32Array(features) : new Uint8Array(features),
    );
  } finally {
    predictor.close();
  }
  for (const format of ['js', 'json', 'onnx', 'torch']) exportModel(model, format);
  encodeModel(model);
}

function decodeFeatures({ receipt }) {
  return receipt.dataset;
}

function forgedCheckpoint(random) {
  const file = random.pick(CORPUS.checkpoint);
  if (random.once(5)) return mutateBytes(file, random, CORPUS.checkpoint);
  const { tensors, metadata } = decodeSafetensors(file, 'file');
  const checkpoint = JSON.stringify(mutateStructure(JSON.parse(metadata.checkpoint), random));
  const sum = sha256(tensors, checkpoint);
  return encodeSafetensors({ tensors, metadata: { checkpoint, sha256: sum } });
}

function sha256(tensors, text = '') {
  const hash = createHash('sha256').update(text);
  for (const { values } of tensors)
    hash.update(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}

function forgedProgram(random) {
  return mutateStructure(random.pick(PROGRAMS), random);
}

/** A program that is found valid is run; no kernel may then fall over. */
async function runProgram(program) {
  validateProgram(program);
  const ops = Object.values(program.entries).flatMap((entry) => entry.ops);
  if (program.bytes > MOST_ARENA || ops.some(({ shards = 1 }) => shards > MOST_SHARDS)) return;
  const session = typescriptBackend().open(program);
  try {
    for (const entry of Object.keys(program.entries)) {
      session.memory.u32('control').set([0, 1, 0]);
      session.run(entry, 1);
    }
  } finally {
    session.close();
  }
}
