import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Dataset,
  decodeCheckpoint,
  decodeModel,
  type SavedModel,
  Training,
  verify,
} from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { BACKEND_NAMES, chooseBackend } from '../src/backends.js';
import { loadData, loadOptionsOf } from '../src/data-options.js';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder } from './temporary.js';

/** A model, and a checkpoint from the midst of its training: `NAME.safetensors`, `NAME.checkpoint`. */
interface Fixture {
  readonly name: string;
  readonly data: string;
  readonly label?: string;
  /** The model that it began with. */
  readonly start?: string;
}

const folder = fileURLToPath(new URL('fixtures/version-0.1/', import.meta.url));
const fixtures = JSON.parse(readFileSync(join(folder, 'fixtures.json'), 'utf8')) as Fixture[];
const backends = BACKEND_NAMES.filter((name) => name !== 'native' || !missing('native'));

/** What is also given to the command, and to other backends than the first: all on all takes long. */
const COMMANDED = ['seed', 'folders', 'people-by-town', 'arrays', 'fine-tuned'];
const commanded = fixtures.filter(({ name }) => !missing('long') || COMMANDED.includes(name));

function modelOf(name: string): Promise<SavedModel> {
  return decodeModel(readFileSync(join(folder, `${name}.safetensors`)), name);
}

/** On the first backend that there is; others for what is also commanded, but the slowest, which takes long. */
const backendsOf = (fixture: Fixture) =>
  backends.filter(
    (name, at) => !missing('long') || at === 0 || (name !== 'ts' && commanded.includes(fixture)),
  );

/** The data as `verify` loads them. */
async function dataOf({ name, data, label }: Fixture): Promise<Dataset> {
  const path = data === 'mnist' ? data : join(folder, data);
  return loadData(path, loadOptionsOf(await modelOf(name), label));
}

/** What version 0.1.0 wrote and every later version must find again. */
function resultsIn({ receipt }: SavedModel) {
  const { dataset, epochs, bestEpoch, weightsSha256, preparationSha256 } = receipt;
  const { validationAccuracy, validationLoss, testAccuracy, testLoss } = receipt;
  return {
    ...{ epochs, bestEpoch, weightsSha256, preparationSha256 },
    ...{ validationAccuracy, validationLoss, testAccuracy, testLoss },
    inputSha256: dataset.inputSha256,
    samples: [dataset.train, dataset.validation, dataset.test],
  };
}

describe.each(fixtures)('$name of version 0.1.0', (fixture) => {
  const { name, data, label, start } = fixture;
  const words = ['--data', data, ...(label === undefined ? [] : ['--label', label])];

  test.each(backendsOf(fixture))(
    'verifies on %s, and resumes to the same model',
    async (backendName) => {
      const model = await modelOf(name);
      const dataset = await dataOf(fixture);
      const { backend } = await chooseBackend(backendName, undefined, undefined);
      const began = start === undefined ? undefined : await modelOf(start);
      const { receipt } = model;
      expect(await verify({ receipt, dataset, backend, start: began })).toEqual({
        verified: true,
        epochs: receipt.epochs.length,
        weightsSha256: receipt.epochs.at(-1),
        firstMismatch: null,
      });

      const file = `${name}.checkpoint`;
      const checkpoint = await decodeCheckpoint(readFileSync(join(folder, file)), file);
      expect(checkpoint.epochs.length).toBeLessThan(receipt.epochs.length);
      const training = await Training.open(backend, checkpoint.recipe, dataset, checkpoint);
      while (!training.isDone) await training.runEpoch();
      const resumed = await training.finish();
      training.close();
      expect(resumed.parameters).toEqual(model.parameters);
      expect(resultsIn(resumed)).toEqual(resultsIn(model));
    },
  );

  test.runIf(commanded.includes(fixture))('verifies and resumes by the command', async () => {
    const verified = await runCli(
      [
        ...['verify', `${name}.safetensors`, ...words],
        ...(start === undefined ? [] : ['--start', `${start}.safetensors`]),
      ],
      { folder },
    );
    expect(verified.stderr).not.toContain('error');
    expect(verified.stdout).toMatch(/^verified: all of \d+ epochs? gave the receipt's digests$/m);

    const out = join(temporaryFolder(), 'model.safetensors');
    const resumed = await runCli(
      ['train', '--resume', `${name}.checkpoint`, ...words, '--out', out, '--json'],
      { folder },
    );
    expect(resumed.stderr).not.toContain('error');
    const model = await modelOf(name);
    expect(eventsIn(resumed).at(-1)).toMatchObject({ weightsSha256: model.receipt.weightsSha256 });
    expect(resultsIn(await decodeModel(readFileSync(out), out))).toEqual(resultsIn(model));
  });
});
