import {
  type Checkpoint,
  compareEpochs,
  compareSteps,
  type StateDifference,
  type StepsComparison,
} from '@bitgrad/core';
import { textOf } from '../arguments.js';
import { hasLongSteps } from '../at-once.js';
import { backendOptions, chooseBackend } from '../backends.js';
import { type Arguments, type Command, valueOption } from '../command.js';
import { differenceAfter, firstKept, rightOf } from '../compare/compare-sides.js';
import { readSide, type Side } from '../compare/side.js';
import { DATA_KINDS, embeddedData, labelOption, loadData } from '../data-options.js';
import { plural } from '../format.js';
import { readModel } from '../model-file.js';
import { colorsOf, emit, print, printPairs } from '../output.js';
import { UsageError } from '../usage-error.js';

/** `bitgrad compare A B`. */
export const compareCommand: Command = {
  positionals: {
    a: 'a model file, a checkpoint, or a folder of checkpoints',
    b: 'the same of another training by the same recipe',
  },
  options: {
    steps: {
      type: 'boolean',
      describe: 'train the epoch once more, on this machine, step by step, beside backend ts',
    },
    data: valueOption(DATA_KINDS, 'the data of the training, if it comes along', 'With --steps:'),
    label: { ...labelOption, group: 'With --steps:' },
    start: valueOption(
      'the model whose weights the training began with',
      undefined,
      'With --steps:',
    ),
    ...backendOptions,
  },
  examples: [
    ['compare here.safetensors there.safetensors', 'the first epoch that differs'],
    ['compare here/ there/', 'and, from checkpoints, the first number'],
    ['compare here/ there/ --steps --data iris.csv', 'and whether this machine goes wrong, where'],
  ],
  epilogue: 'Exit codes: 0 the same as far as both go, 1 not.',

  async run(argv, { signal, heedSignals, json }) {
    const [a, b] = [await readSide(String(argv.a)), await readSide(String(argv.b))];
    const found = compareEpochs(a.told, b.told);
    if (found === null) {
      const epochs = Math.min(a.told.epochs.length, b.told.epochs.length);
      if (json) emit({ event: 'end', same: true, epochs });
      else print(`the same: all of ${plural(epochs, 'epoch')} that both have gave equal digests`);
      return true;
    }
    const { epoch } = found;
    const difference = await differenceAfter(epoch, a, b);
    const steps =
      argv.steps === true ? await stepsOf(argv, epoch, [a, b], signal, heedSignals) : null;
    if (json) {
      const { step = null, difference: where = null } = steps ?? {};
      emit({
        event: 'end',
        same: false,
        ...found,
        parameter: difference,
        ...(steps && { steps: { step, parameter: where, right: rightOf(steps, found) } }),
      });
      return false;
    }
    const { bold, red } = colorsOf(process.stdout);
    print(
      `${bold(red('different'))}: epoch ${epoch} is the first after which they differ${found.field === 'states' ? ', in what the optimiser remembers or the best epoch so far' : ''}`,
    );
    printPairs([
      [a.path, found.a],
      [b.path, found.b],
    ]);
    if (difference) sayDifference(difference, 'after that epoch');
    else print(`first parameter: unknown, without checkpoints after epoch ${epoch} of both`);
    if (steps) saySteps(steps, epoch, a, b, rightOf(steps, found));
    return false;
  },
};

async function stepsOf(
  argv: Arguments,
  epoch: number,
  sides: readonly Side[],
  signal: AbortSignal,
  heedSignals: () => void,
): Promise<StepsComparison> {
  const checkpoint = epoch === 1 ? undefined : await checkpointBefore(epoch, sides);
  const { told, path, loadOptions } = sides[0]!;
  const data = textOf(argv, 'data') ?? embeddedData(told.dataset.name, path, 'train on again');
  const label = textOf(argv, 'label');
  const dataset = await loadData(data, loadOptions(label));
  const startPath = textOf(argv, 'start');
  const start = startPath === undefined ? undefined : (await readModel(startPath)).model;
  const chosen = await chooseBackend(
    textOf(argv, 'backend') ?? 'auto',
    textOf(argv, 'threads'),
    textOf(argv, 'isa'),
  );
  const { backend: reference } = await chooseBackend('ts', undefined, undefined);
  const { recipe } = told;
  const backends = [reference, chosen.backend] as const;
  if (!backends.some((backend) => hasLongSteps(backend, recipe))) heedSignals();
  return compareSteps({ recipe, dataset, checkpoint, start, backends, signal });
}

async function checkpointBefore(epoch: number, sides: readonly Side[]): Promise<Checkpoint> {
  const checkpoint = await firstKept(epoch - 1, sides);
  if (checkpoint) return checkpoint;
  throw new UsageError(
    `--steps: expected a checkpoint after epoch ${epoch - 1}, where both still are the same, received none`,
    "keep them while training, as in train --checkpoint 'kept/{epoch}.checkpoint'",
  );
}

function sayDifference({ slice, index, a, b, count }: StateDifference, when: string): void {
  printPairs([
    ['first parameter', `${slice}, number ${index}, ${when}`],
    ['its values', `${a} and ${b} (bits ${bitsOf(a)} and ${bitsOf(b)})`],
    ['in all', `${plural(count, 'number')} differ`],
  ]);
}

function saySteps(
  { step, difference }: StepsComparison,
  epoch: number,
  a: Side,
  b: Side,
  right: 'a' | 'b' | null,
): void {
  print();
  if (step === null) print(`epoch ${epoch} again, here: all steps as backend ts makes them`);
  else {
    print(
      `epoch ${epoch} again, here: step ${step} is the first that this machine makes otherwise than backend ts`,
    );
    if (difference) sayDifference(difference, 'after that step');
  }
  const side = { a: a.path, b: b.path };
  print(
    right === null
      ? 'backend ts gives the digest of neither'
      : `backend ts gives the digest of ${side[right]}: the machine of ${side[right === 'a' ? 'b' : 'a']} went wrong`,
  );
}

function bitsOf(value: number): string {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!.toString(16).padStart(8, '0');
}
