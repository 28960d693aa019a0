import { describe, expect, it } from 'vitest';
import { BitgradError } from '../src/errors.js';
import {
  checkCheckpointText,
  checkDatasetFits,
  checkReceipt,
  checkRunRecord,
} from '../src/file/check-receipt.js';
import type { Receipt, RunRecord } from '../src/file/receipt.js';
import type { Checkpoint } from '../src/train/checkpoint.js';
import { SMALL_RUN, smallRecipe } from './synthetic.js';

const DIGEST = '0123456789abcdef'.repeat(4);
/** What is no SHA-256: a digit less, one more, another letter, a list of one, a number. */
const NO_DIGESTS = [DIGEST.slice(1), `${DIGEST}0`, `g${DIGEST.slice(1)}`, [DIGEST], 5, null];
const NO_COUNTS = [-1, 0.5, 2 ** 53, '1', null, undefined, Number.NaN];
const NO_TEXTS = [5, null, undefined, ['a']];
const NO_NUMBERS = ['1', undefined, Number.NaN, Number.POSITIVE_INFINITY];
const NO_OBJECTS = ['x', 5, null, undefined, [], ['x']];

const dataset: Receipt['dataset'] = {
  name: 'small',
  sha256: DIGEST,
  inputSha256: DIGEST,
  features: 16,
  outputs: 3,
  classes: 3,
  image: null,
  train: 70,
  validation: 0,
  test: 20,
};
const receipt: Receipt = {
  format: 2,
  contract: 1,
  recipe: smallRecipe(),
  dataset,
  epochs: [DIGEST, DIGEST],
  states: [DIGEST, DIGEST],
  bestEpoch: null,
  weightsSha256: DIGEST,
  validationAccuracy: null,
  validationLoss: null,
  testAccuracy: 0.5,
  testLoss: 1.5,
};
const run: RunRecord = { ...SMALL_RUN, versions: { core: '1.2.3', other: '1.2.3' } };
const checkpoint: Checkpoint = {
  contract: 1,
  recipe: smallRecipe(),
  dataset,
  epochs: [DIGEST, DIGEST],
  states: [DIGEST, DIGEST],
  trainSeconds: 0,
  state: new Map(),
  best: { epoch: 2, validationLoss: 0.5, parameters: new Float32Array(0) },
};

/** What a field may be, what it may not, and the words of the error between field and received. */
type Field = readonly [name: string, right: readonly unknown[], wrong: readonly unknown[]];

const MEASURES: Field[1] = [undefined, {}, { accuracy: 0.5, auc: null }];
const NO_MEASURES: Field[2] = [...['x', 5, null, ['x']], { auc: '1' }, { a: 1, b: Number.NaN }];
const score = { metrics: { mae: 1 }, baseline: { mae: null } };

const RECEIPT: readonly Field[] = [
  ['programSha256', [undefined, DIGEST], NO_DIGESTS],
  ['epochs', [[DIGEST, DIGEST]], [[], undefined, DIGEST, [DIGEST, 'x'], ['x', DIGEST]]],
  ['bestEpoch', [null, 0, 2], [-1, 0.5, '1', undefined]],
  ['weightsSha256', [DIGEST], [...NO_DIGESTS, undefined]],
  ['preparationSha256', [undefined, DIGEST], NO_DIGESTS],
  ['validationAccuracy', [null, 0, 1], NO_NUMBERS],
  ['validationLoss', [null, 2.5], NO_NUMBERS],
  ['testAccuracy', [null, 1], NO_NUMBERS],
  ['testLoss', [null, -1], NO_NUMBERS],
  ['metrics', MEASURES, NO_MEASURES],
  ['baseline', MEASURES, NO_MEASURES],
  [
    'targets',
    [undefined, [], [score, score]],
    [
      ...['x', 5, null, score, ['x'], [null]],
      ...[[{}], [{ metrics: {} }], [{ baseline: {} }], [score, {}]],
      ...[[{ ...score, metrics: { mae: '1' } }], [{ ...score, baseline: { mae: '1' } }]],
    ],
  ],
];

const DATASET: readonly Field[] = [
  ['name', ['', 'x'], NO_TEXTS],
  ['sha256', [DIGEST], NO_DIGESTS],
  ['inputSha256', [DIGEST], NO_DIGESTS],
  ...['features', 'outputs', 'classes', 'train', 'validation', 'test'].map(
    (name): Field => [name, [0, 2 ** 53 - 1], NO_COUNTS],
  ),
  [
    'image',
    [null, { height: 1, width: 4 }, { height: 4, width: 1, channels: 3 }],
    [
      ...['4x4', 5, undefined, [4, 4], {}, { height: 4 }, { width: 4 }],
      ...[
        { height: 0, width: 4 },
        { height: 4, width: 0 },
        { height: 4, width: -4 },
      ],
      ...[1, 4, null, '3'].map((channels) => ({ height: 4, width: 4, channels })),
    ],
  ],
];

const RUN: readonly Field[] = [
  ['versions', [{}, { core: '1' }], [...NO_OBJECTS, { core: 1 }, { core: '1', other: null }]],
  ['backend', ['native'], NO_TEXTS],
  ['isa', ['avx2'], NO_TEXTS],
  ['threads', [0, 64], NO_COUNTS],
  ['programSha256', [undefined, DIGEST], NO_DIGESTS],
  ['trainSeconds', [0, 1.5], [...NO_NUMBERS, null]],
  ['samplesPerSecond', [0, 1e9], [...NO_NUMBERS, null]],
  ['finishedAt', ['2020'], NO_TEXTS],
];

/** Tries every value of every field. */
function tryFields(
  fields: readonly Field[],
  whole: object,
  check: (changed: never) => void,
  where: string,
): void {
  for (const [name, right, wrong] of fields) {
    for (const value of right) check({ ...whole, [name]: value } as never);
    for (const value of wrong) {
      const act = () => check({ ...whole, [name]: value } as never);
      const what = `${name}: ${JSON.stringify(value)}`;
      expect(act, what).toThrow(BitgradError);
      expect(act, what).toThrow(new RegExp(`^${where}: ${name}: expected .+, received `));
    }
  }
}

describe('a receipt', () => {
  const check = (changed: Receipt) => checkReceipt(changed, 'f');

  it('is looked at field by field', () => {
    tryFields(RECEIPT, receipt, check, 'f: receipt');
    tryFields(
      DATASET,
      dataset,
      (changed) => check({ ...receipt, dataset: changed }),
      'f: receipt: dataset',
    );
  });

  it.each(NO_OBJECTS.map((value) => [value]))('is an object, and not %j', (value) => {
    expect(() => check(value as never)).toThrow(/^f: receipt: expected an object, received /);
  });

  it('has a state for each epoch in format 2, and none in format 1', () => {
    const { format: _, states: __, ...first } = receipt;
    for (const old of [first, { ...first, format: 1 }, { ...first, states: [] }]) check(old);
    for (const format of [0, 3, '2', null, true]) {
      expect(() => check({ ...receipt, format } as never)).toThrow(
        /^f: receipt: format: expected 1 or 2, which this version knows, received /,
      );
    }
    for (const states of [[DIGEST], DIGEST, ['x']]) {
      expect(() => check({ ...first, states } as never), String(states)).toThrow(
        /^f: receipt: states: expected none in format 1, received /,
      );
    }
    for (const states of [undefined, [], [DIGEST], [DIGEST, 'x'], [DIGEST, DIGEST, DIGEST]]) {
      expect(() => check({ ...receipt, states } as never), String(states)).toThrow(
        /^f: receipt: states: expected a SHA-256 for each of 2 epochs, received /,
      );
    }
  });
});

describe('a run record', () => {
  it('is looked at field by field', () => {
    tryFields(RUN, run, (changed) => checkRunRecord(changed, 'f'), 'f: run');
  });
});

describe("a checkpoint's text", () => {
  const check = (changed: Checkpoint) => checkCheckpointText(changed, 'f');

  it('is looked at field by field', () => {
    const digests: Field[2] = [undefined, DIGEST, ['x'], [DIGEST, 'x']];
    const fields: Field[] = [
      ['contract', [1], [0, 2, '1', null, undefined]],
      ['epochs', [[DIGEST, DIGEST]], digests],
      ['trainSeconds', [0, 1.5], [-1, ...NO_NUMBERS, null]],
      ['states', [undefined, [DIGEST, DIGEST]], [null, ...digests.slice(1), [], [DIGEST]]],
    ];
    tryFields(fields, checkpoint, check, 'f: checkpoint');
    tryFields(
      DATASET,
      dataset,
      (changed) => check({ ...checkpoint, dataset: changed }),
      'f: checkpoint: dataset',
    );
    const best: Field[] = [
      ['epoch', [1, 2], NO_COUNTS],
      ['validationLoss', [0, -1], [...NO_NUMBERS, null]],
    ];
    tryFields(
      best,
      checkpoint.best!,
      (changed) => check({ ...checkpoint, best: changed }),
      'f: checkpoint: best',
    );
  });

  it('may know of no best epoch, and of none that was not', () => {
    check({ ...checkpoint, best: null });
    check({ ...checkpoint, best: null, epochs: [], states: [] });
    for (const epoch of [0, 3]) {
      expect(() => check({ ...checkpoint, best: { ...checkpoint.best!, epoch } })).toThrow(
        `f: checkpoint: best: expected one of 2 epochs, received ${epoch}`,
      );
    }
  });
});

describe('data that a network is said to be of', () => {
  const graph = { features: 48, outputs: 3 };
  const check = (changes: Partial<Receipt['dataset']>) =>
    checkDatasetFits({ ...dataset, features: 48, ...changes }, graph, 'f');

  it('have its sizes, and whole images', () => {
    check({});
    check({ image: { height: 4, width: 4 } });
    check({ image: { height: 4, width: 4, channels: 3 } });
    for (const changes of [
      { features: 47 },
      { outputs: 2 },
      { image: { height: 4, width: 5 } },
      { image: { height: 4, width: 5, channels: 3 as const } },
      { features: 96, image: { height: 4, width: 4 } },
    ]) {
      expect(() => check(changes), JSON.stringify(changes)).toThrow(
        /^f: dataset: expected samples of 48 numbers for 3 outputs, as the layers have it, received /,
      );
    }
  });
});
