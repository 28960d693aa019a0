import {
  AbortedError,
  BitgradError,
  checkRecipe,
  type Dataset,
  decodeModel,
  encodeModel,
  initialParameters,
  layersText,
  type Model,
  type Recipe,
  range,
  type SavedModel,
  startDigest,
} from '@bitgrad/core';
import { withOwnDigits } from '../data/own-digits.js';
import { type DataChoice, DataStore } from '../data/store.js';
import type { TableRequests } from '../table/table-protocol.js';
import { findAsleep } from './asleep.js';
import { openBackend } from './backends.js';
import { dataOfReceipt, sayNoData } from './data-of-receipt.js';
import { findExciting } from './exciting.js';
import { lossAlong, stepByHand } from './hand.js';
import { History } from './history.js';
import { Look } from './look.js';
import { networkProblem } from './network-problem.js';
import { pictureOf } from './picture.js';
import {
  BACKEND_NAMES,
  type BackendName,
  type ModelSource,
  type RequestName,
  type Requests,
  type Tell,
} from './protocol.js';
import { explainStep } from './step-numbers.js';
import { touched, UNTOUCHED } from './touch.js';
import { traceSample } from './trace.js';
import { type TrainedHere, Training } from './trainer.js';
import { twistedData, twistedStart } from './twist.js';
import { verifyModel } from './verify.js';

/** One function for each request; those about tables have a worker of their own. */
export type Desk = {
  [Name in Exclude<RequestName, keyof TableRequests>]: (
    given: Requests[Name]['given'],
  ) => Promise<Requests[Name]['answer']> | Requests[Name]['answer'];
};

/** The worker's side of the page: it holds the data, the models and the training under way. */
export function openDesk(tell: Tell): Desk {
  let data: DataStore | undefined;
  let training: Training | undefined;
  let verification: AbortController | undefined;
  /** Settles when the training or verification under way has ended. */
  let ended: Promise<unknown> = Promise.resolve();
  /** Counts what was stopped, so that what still waits for its data learns of it. */
  let stops = 0;
  /** The last training's weights at some moments, kept when it has ended. */
  let past: { readonly recipe: Recipe; readonly history: History } | undefined;
  let speed: number | null = null;
  /** What the reader has changed of the network that is shown. */
  let touch = UNTOUCHED;
  /** What the last training learned from, and what was last examined. */
  let learned: Dataset | undefined;
  let examined: Dataset | undefined;
  /** What was last trained on: it looks at the test images too. */
  let best: BackendName = BACKEND_NAMES[0];
  const models: { trained: TrainedHere | undefined; file: SavedModel | undefined } = {
    trained: undefined,
    file: undefined,
  };

  const dataset = (choice: DataChoice, recipe?: Recipe) => {
    if (data === undefined) throw new BitgradError('the worker was not told where its data are');
    return data.dataset(choice, recipe?.preprocess === 'scale');
  };
  /** The model as it is now, in the midst of a training too. */
  const modelNow = (source: ModelSource): Model | undefined => {
    if (source === 'file') return models.file;
    const parameters = training?.parameters();
    if (!training || !parameters) return models.trained;
    return bare(training.recipe, parameters);
  };
  /** The training's network, at a moment that was kept if one is named; before the first, a recipe's. */
  const modelAt = (step: number | null | undefined, draft?: Recipe): Model | undefined => {
    const model = untouchedAt(step, draft);
    return model && touched(model, touch);
  };
  const untouchedAt = (step: number | null | undefined, draft?: Recipe): Model | undefined => {
    const kept = typeof step === 'number' ? past?.history.at(step) : undefined;
    if (past && kept) return bare(past.recipe, kept);
    const now = modelNow('trained');
    if (now || draft === undefined) return now;
    const recipe = checkRecipe(draft);
    return bare(recipe, initialParameters(recipe, recipe.initializer, recipe.seed));
  };
  const checkIdle = () => {
    if (training || verification)
      throw new BitgradError('another training is under way', 'Stop it first.');
  };

  return {
    begin: ({ dataFolder }) => {
      data = new DataStore(dataFolder, (progress) => tell('load', progress));
      return undefined;
    },
    picture: ({ recipe: draft, step }) => {
      const { recipe, parameters } = modelAt(step, draft)!;
      return pictureOf(recipe, parameters);
    },
    asleep: ({ step }) => {
      const model = modelAt(step);
      return model && learned ? findAsleep(model, learned) : [];
    },
    train: async ({ recipe, data: choice, backend: name, ownDigits, twist }) => {
      checkIdle();
      const stopsBefore = stops;
      const backend = await openBackend(name, tell);
      best = name;
      const whole = withOwnDigits(await dataset(choice, recipe), ownDigits);
      const samples = twistedData(whole, twist, recipe.seed);
      if (stops !== stopsBefore) throw new AbortedError('the training was stopped');
      checkIdle();
      learned = samples;
      training = new Training(checkRecipe(recipe), samples, backend, twistedStart(recipe, twist));
      training.gate.setSpeed(speed);
      past = { recipe: training.recipe, history: training.history };
      const running = training.run({
        onStart: (accuracy) =>
          tell('started', { backend: backend.name, isa: backend.isa, accuracy }),
        onProgress: (progress) => tell('progress', progress),
        onEpoch: (report) => tell('epoch', report),
        onMoment: (moments) => tell('moments', moments),
      });
      ended = running.catch(() => undefined);
      try {
        models.trained = await running;
        const { receipt, run } = models.trained;
        return { receipt, run };
      } finally {
        training = undefined;
      }
    },
    pause: () => {
      training?.gate.pause();
      return undefined;
    },
    touch: async ({ touch: next, data: choice }) => {
      touch = next;
      const model = modelNow('trained');
      if (!model) return null;
      const samples = learned ?? (await dataset(choice, model.recipe));
      const look = new Look(await openBackend(best, tell), model.recipe, samples);
      try {
        const before = look.glance(model.parameters);
        return { before, after: look.glance(touched(model, touch).parameters) };
      } finally {
        look.close();
      }
    },
    exciting: async ({ place, data: choice }) => {
      const model = modelNow('trained');
      if (!model) return null;
      return findExciting(model, learned ?? (await dataset(choice, model.recipe)), place);
    },
    hand: ({ pixels, label, recipe }) => stepByHand(untouchedAt(null, recipe)!, { pixels, label }),
    along: ({ pixels, label, recipe, ...along }) =>
      lossAlong(untouchedAt(null, recipe)!, { pixels, label }, along),
    advance: ({ steps }) => {
      training?.gate.grant(steps);
      return undefined;
    },
    speed: (stepsPerSecond) => {
      speed = stepsPerSecond;
      training?.gate.setSpeed(stepsPerSecond);
      return undefined;
    },
    resume: () => {
      training?.gate.resume();
      return undefined;
    },
    stop: async () => {
      stops += 1;
      verification?.abort();
      training?.stop();
      await ended;
      return undefined;
    },
    forget: () => {
      models.trained = undefined;
      past = undefined;
      return undefined;
    },
    trace: ({ source, pixels, step, recipe }) => {
      const model = source === 'trained' ? modelAt(step, recipe) : modelNow(source);
      return model ? traceSample(model, pixels) : null;
    },
    model: (source) => {
      const model = modelNow(source);
      if (!model) return null;
      const { recipe, parameters, standardization, classNames, encoding } = model;
      return { recipe, parameters, standardization, classNames, encoding };
    },
    examine: async ({ source, data: choice }) => {
      const model = modelNow(source);
      if (!model) return null;
      const own = source === 'trained' ? learned : undefined;
      examined = own ?? (await dataset(choice, model.recipe));
      const look = new Look(await openBackend(best, tell), model.recipe, examined);
      try {
        return look.at(model.parameters);
      } finally {
        look.close();
      }
    },
    images: ({ indices }) => {
      if (examined === undefined) throw new BitgradError('there is nothing examined to show');
      return showImages(examined, indices);
    },
    step: async ({ data: choice, recipe }) => {
      if (training?.parameters()) return training.nextStep();
      const model = models.trained ?? {
        recipe: checkRecipe(recipe),
        parameters: initialParameters(recipe, recipe.initializer, recipe.seed),
      };
      const { learningRate: rate, batchSize } = model.recipe;
      const input = {
        ...model,
        order: range(0, batchSize),
        motion: null,
        dropoutPlace: null,
        rate: Math.fround(rate),
      };
      const samples = await dataset(choice, model.recipe);
      return explainStep(input, samples, { isReal: false, step: null });
    },
    save: (source) => {
      const model = models[source];
      if (model === undefined)
        throw new BitgradError('there is no trained model to save yet', 'Train one first.');
      return encodeModel(model);
    },
    history: () => past?.history.weights ?? new Float32Array(0),
    restore: async ({ bytes, moments, weights }) => {
      const model = await decodeModel(bytes, 'the kept model');
      checkImages(model, 'the kept model');
      models.trained = model;
      const { receipt, run, recipe, parameters } = model;
      const history = History.of(moments, weights, parameters.length);
      past = { recipe, history };
      return { receipt, run, moments: history.moments };
    },
    open: async ({ bytes, fileName }) => {
      const model = await decodeModel(bytes, fileName);
      checkImages(model, fileName);
      models.file = model;
      const { receipt, run } = model;
      return { receipt, run };
    },
    verify: async ({ backend: name, ownDigits }) => {
      checkIdle();
      if (models.file === undefined) throw new BitgradError('there is no opened model to verify');
      const model = models.file;
      const { recipe, receipt } = model;
      if (startDigest(recipe.initializer) !== null)
        return {
          isVerified: null,
          difference: 'It began with weights that the file does not hold.',
        };
      const stopsBefore = stops;
      const load = (choice: DataChoice) => dataset(choice, recipe);
      const samples = await dataOfReceipt(receipt, load, ownDigits);
      if (stops !== stopsBefore) throw new AbortedError('the verification was stopped');
      if (samples === null) return { isVerified: null, difference: sayNoData(receipt) };
      checkIdle();
      const abortion = new AbortController();
      verification = abortion;
      try {
        const backend = await openBackend(name, tell);
        const running = verifyModel(model, samples, backend, abortion.signal, (epoch) =>
          tell('verified', epoch),
        );
        ended = running.catch(() => undefined);
        return await running;
      } finally {
        verification = undefined;
      }
    },
  };
}

/** A network as it is in training: digits need no table's statistics, names or columns. */
function bare(recipe: Recipe, parameters: Float32Array): Model {
  return { recipe, parameters, standardization: null, classNames: null, encoding: null };
}

/** The page draws and shows images of MNIST's size, and has no use for other models. */
function checkImages({ recipe }: SavedModel, fileName: string): void {
  const problem = networkProblem(recipe);
  if (problem === null) return;
  throw new BitgradError(
    `${fileName}: ${problem.problem}, received layers ${layersText(recipe.layers)}`,
    'use it with the command line',
  );
}

/** Images of some samples; a binarised one is shown as black and white. */
function showImages({ inputs, features }: Dataset, indices: Uint32Array): Uint8Array {
  const images = new Uint8Array(indices.length * features);
  for (const [row, index] of indices.entries()) {
    const image = (inputs as Uint8Array).slice(index * features, (index + 1) * features);
    const isGrey = image.some((value) => value > 1);
    images.set(isGrey ? image : image.map((value) => value * 255), row * features);
  }
  return images;
}
