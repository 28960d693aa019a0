import { type Checkpoint, type SavedModel, type VerifyOptions, verify } from '@bitgrad/core';
import { textOf } from '../arguments.js';
import { hasLongSteps } from '../at-once.js';
import { backendOf, backendOptions } from '../backends.js';
import { type Command, valueOption } from '../command.js';
import {
  DATA_KINDS,
  embeddedData,
  givenData,
  labelOption,
  loadData,
  loadOptionsToVerify,
} from '../data-options.js';
import { formatCount, plural } from '../format.js';
import { readModel } from '../model-file.js';
import { emit, note, printPairs } from '../output.js';
import { queueOption } from '../queue/load-queue.js';
import { readCheckpoint } from '../train/resume.js';
import { printVerification, verificationEvent } from '../verify/report.js';
import { startModel } from '../verify/start-model.js';
import { checkStart, parseStretch, type Stretch } from '../verify/stretch.js';
import { asksForFolder, verifyFolder } from '../verify/verify-folder.js';

/** `bitgrad verify MODEL`. */
export const verifyCommand: Command = {
  positionals: { model: 'the model file', file: 'the data, as --data has them' },
  options: {
    data: valueOption(DATA_KINDS, 'the data of the training, if it comes along', 'Data:'),
    label: labelOption,
    start: valueOption(
      'the model whose weights the training began with, if it did',
      undefined,
      'Data:',
    ),
    epochs: valueOption('A..B: only these epochs, counted from 1', 'all', 'Stretch:'),
    from: valueOption(
      'a checkpoint to begin after, saved after epoch A − 1 by train --checkpoint; or a folder of them, from which stretches are verified at once',
      undefined,
      'Stretch:',
    ),
    jobs: valueOption(
      'with a folder: how many processes work side by side',
      'one a core',
      'Stretch:',
    ),
    queue: { ...queueOption, group: 'Stretch:' },
    ...backendOptions,
  },
  examples: [
    ['verify model.safetensors', 'the whole training; any backend will do'],
    ['verify model.safetensors --data iris.csv', 'data that do not come along'],
    ['verify model.safetensors --epochs 12..13 --from 11.checkpoint', 'one stretch of it'],
    ['verify model.safetensors --from checkpoints --jobs 4', 'all of it, in stretches at once'],
    ['verify model.safetensors --from checkpoints --queue redis://host', 'by bitgrad workers'],
  ],
  epilogue: 'Exit codes: 0 verified, 1 not verified, or data that are not those of the receipt.',

  async run(argv, context) {
    const path = String(argv.model);
    const { model } = await readModel(path);
    if (await asksForFolder(argv)) return verifyFolder(argv, path, model, context);
    const { signal, heedSignals, json } = context;
    const { receipt } = model;
    const stretch = parseStretch(textOf(argv, 'epochs'), receipt.epochs.length);
    const checkpoint = await checkpointOf(textOf(argv, 'from'), stretch, model);
    const data = givenData(argv) ?? embeddedData(receipt.dataset.name, path, 'train on again');
    const { backend, description } = await backendOf(argv);
    const start = await startModel(textOf(argv, 'start'), receipt.recipe, path);
    const options = loadOptionsToVerify(model, textOf(argv, 'label'), start !== undefined);
    const dataset = await loadData(data, options);
    const [first, last] = [(checkpoint?.epochs.length ?? 0) + 1, stretch.last];
    if (json) {
      const { name, isa, threads } = backend;
      emit({ event: 'start', backend: name, isa, threads, model: path, epochs: { first, last } });
    } else {
      const count = plural(Math.max(0, last - first + 1), 'epoch');
      printPairs(
        [
          ['model', `${path}: ${count} of ${formatCount(receipt.epochs.length)}, from ${first}`],
          ['data', `${dataset.name}, from ${data}`],
          ['backend', description],
        ],
        process.stderr,
      );
    }
    const isHeard = !hasLongSteps(backend, receipt.recipe);
    const heed = isHeard ? heedSignals : () => undefined;
    const display = json ? jsonProgress(heed) : await humanProgress(model, last, isHeard, heed);
    const verification = await verify({
      receipt,
      dataset,
      backend,
      checkpoint,
      start,
      signal,
      ...(stretch.isPart ? { lastEpoch: last } : {}),
      ...display.callbacks,
    }).finally(() => display.close());
    if (json) emit(verificationEvent(verification));
    else printVerification(verification, first, receipt);
    return verification.verified;
  },
};

async function checkpointOf(
  path: string | undefined,
  stretch: Stretch,
  { receipt }: SavedModel,
): Promise<Checkpoint | undefined> {
  const checkpoint = path === undefined ? undefined : await readCheckpoint(path);
  await checkStart(checkpoint, path, stretch, receipt);
  return checkpoint;
}

/** Shows how far a verification is. */
interface ProgressDisplay {
  readonly callbacks: Pick<VerifyOptions, 'onEpoch' | 'onProgress'>;
  close(): void;
}

function jsonProgress(onProgress: () => void): ProgressDisplay {
  return {
    callbacks: {
      onProgress: () => onProgress(),
      onEpoch: (epoch, weightsSha256) => emit({ event: 'epoch', epoch, weightsSha256 }),
    },
    close() {
      // Nothing is left on the screen.
    },
  };
}

async function humanProgress(
  { receipt }: SavedModel,
  last: number,
  isHeard: boolean,
  onProgress: () => void,
): Promise<ProgressDisplay> {
  if (process.stderr.isTTY !== true) {
    return {
      callbacks: {
        onProgress: () => onProgress(),
        onEpoch: (epoch, digest) => note(`epoch ${epoch}/${last}  ${digest}  the same`),
      },
      close() {
        // Lines stay.
      },
    };
  }
  const { openBar } = await import('../display/bar.js');
  const bar = openBar(isHeard);
  const recipe = { ...receipt.recipe, epochs: last };
  let isStarted = false;
  return {
    callbacks: {
      onProgress(progress) {
        onProgress();
        if (!isStarted) bar.start({ recipe, dataset: receipt.dataset, epochsDone: 0 });
        isStarted = true;
        bar.progress(progress);
      },
    },
    close: () => bar.close(),
  };
}
