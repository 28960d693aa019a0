import type { Backend, Session } from '../backend.js';
import type { Dataset } from '../dataset.js';
import { BitgradError, NonFiniteError } from '../errors.js';
import { preparationSha256, weightsSha256 } from '../file/digest.js';
import { CONTRACT, RECEIPT_FORMAT, type Receipt } from '../file/receipt.js';
import { sha256OfText } from '../file/sha256.js';
import { type Scores, scoring } from '../metrics/metrics.js';
import type { Model } from '../network/model.js';
import { taskOf } from '../network/network.js';
import { parameterShapes, readParameters, writeParameters } from '../network/parameters.js';
import type { Memory } from '../program/memory.js';
import type { Program } from '../program/program.js';
import type { Recipe, RecipeInput } from '../recipe/recipe.js';
import { atOnce, inTurns, ownTurn } from '../turns.js';
import { type Checkpoint, checkCheckpoint } from './checkpoint.js';
import { type Best, betterOf, isOutOfPatience } from './early-stopping.js';
import {
  type EpochPlan,
  epochSize,
  planningEpoch,
  stepsPerEpoch,
  writePlan,
} from './epoch-plan.js';
import { evaluateSession, meanLoss } from './evaluate.js';
import { type Material, prepareMaterial } from './material.js';
import { type Filled, openFilled } from './open-filled.js';
import { predictSamples } from './predict-samples.js';
import { classWeights, describeDataset, standardized } from './prepare.js';
import { checkAlike, type Ranks, together } from './ranks.js';
import type { EpochReport, TrainedModel } from './reports.js';
import { type PassOptions, runPass } from './run-pass.js';
import { shareDataset } from './share-dataset.js';
import { SharedPass } from './shared-pass.js';
import type { Split } from './split.js';
import { lossUnit, type Standardization } from './standardize.js';
import { readState, type State, stateSha256, writeState } from './state.js';

/** The order of so many is drawn in less than a millisecond. */
const FEW_SAMPLES = 10_000;

/**
 * A training under way: it runs one epoch at a time, can be saved after any, and goes on from what
 * was saved with the bits of a training that was never interrupted.
 */
export class Training {
  /** Seconds of training alone, and samples trained on, checkpoints' included. */
  private trainSeconds = 0;
  private samples = 0;
  private digests: string[] = [];
  /** One an epoch; null where the checkpoint that this went on from had none. */
  private states: string[] | null = [];
  private best: Best | null = null;
  /** As after the last whole epoch. */
  private state: State = new Map();
  /** The next epoch's, if there was time to make it while the last one ran. */
  private ahead: EpochPlan | null = null;
  /** The method under way: there is one memory. */
  private busy: string | null = null;
  private isClosed = false;
  private readonly session: Session;

  private constructor(
    readonly recipe: Recipe,
    readonly dataset: Receipt['dataset'],
    private readonly prepared: Dataset,
    private readonly standardization: Standardization | null,
    private readonly targets: Standardization | null,
    private readonly split: Split,
    private readonly program: Program,
    private readonly programSha256: string,
    private readonly filled: Filled,
    private readonly backend: Backend,
    private readonly shared: SharedPass | null,
    private readonly ranks: Ranks | undefined,
  ) {
    this.session = filled.session;
  }

  /**
   * Begins a training, or goes on from a checkpoint of the same recipe and data.
   *
   * @param start the model whose weights come first, if the recipe's initializer names one
   * @param ranks those that train together; all open the training, and make the same calls
   * @throws RecipeError or BitgradError if recipe, data and checkpoint are not valid or do not fit, or
   *   are not the same on all ranks
   */
  static async open(
    backend: Backend,
    uncheckedRecipe: RecipeInput,
    raw: Dataset,
    checkpoint?: Checkpoint,
    start?: Model,
    ranks?: Ranks,
  ): Promise<Training> {
    const material = await together(ranks, () =>
      prepareMaterial(uncheckedRecipe, raw, checkpoint, start, ranks !== undefined),
    );
    const { recipe, whole, standardization, targets } = material;
    // Before the data, which another recipe would prepare otherwise.
    if (ranks) await checkAlike(ranks, [['recipe', await sha256OfText(JSON.stringify(recipe))]]);
    const gathered = ranks?.share
      ? await shareDataset(ranks, standardized(whole, standardization, targets))
      : null;
    const training = await together(ranks, () =>
      Training.openPrepared(backend, material, gathered, ranks),
    );
    if (ranks === undefined) return training;
    try {
      await training.checkAlike(ranks);
      return training;
    } catch (error) {
      training.close();
      throw error;
    }
  }

  /** @param gathered the samples as they are gathered, where ranks share them */
  private static async openPrepared(
    backend: Backend,
    material: Material,
    gathered: Dataset | null,
    ranks: Ranks | undefined,
  ): Promise<Training> {
    const { recipe, raw, whole, split, standardization, targets, program, programSha256, first } =
      material;
    await ownTurn();
    const filled =
      gathered === null
        ? await openFilled(backend, program, whole, { inputs: standardization, targets })
        : await openFilled(backend, program, gathered, { inputs: null, targets: null });
    const { session } = filled;
    let shared: SharedPass | null = null;
    try {
      if (ranks) {
        shared = new SharedPass(ranks, recipe, session, backend, stepsPerEpoch(recipe, split));
      }
      await filled.freeze();
      // A table that was standardised is kept once, where it is gathered from.
      const { inputs, labels } = gathered ?? {
        inputs: standardization ? session.memory.f32('samples') : whole.inputs,
        labels: whole.labels,
      };
      const dataset = { ...whole, inputs, labels };
      const training = new Training(
        recipe,
        await describeDataset(recipe, raw, dataset, split),
        dataset,
        standardization,
        targets,
        split,
        program,
        programSha256,
        filled,
        backend,
        shared,
        ranks,
      );
      training.begin(first);
      return training;
    } catch (error) {
      shared?.close();
      filled.close();
      throw error;
    }
  }

  /** Writes the parameters to begin with, or what a checkpoint brings along. */
  private begin(first: Float32Array | Checkpoint): void {
    const { recipe, prepared, split } = this;
    const { memory } = this.session;
    if (recipe.classWeights !== 'none') {
      memory.f32('classWeights').set(classWeights(recipe, prepared, split));
    }
    if (first instanceof Float32Array) writeParameters(memory, recipe, first);
    else {
      checkCheckpoint(first, recipe, this.dataset);
      writeState(memory, recipe, first.state);
      this.digests = [...first.epochs];
      const { states = [] } = first;
      this.states = states.length === first.epochs.length ? [...states] : null;
      this.best = first.best;
      this.trainSeconds = first.trainSeconds;
      this.samples = first.epochs.length * epochSize(recipe, split);
    }
    this.state = readState(memory, recipe);
  }

  private async checkAlike(ranks: Ranks): Promise<void> {
    const { dataset, state, best } = this;
    await checkAlike(ranks, [
      ['data', await sha256OfText(dataset.sha256 + dataset.inputSha256)],
      ['state to begin with', await stateSha256(state, best)],
      ['epochs done', await sha256OfText(this.digests.join())],
    ]);
  }

  /** What the training works on. It may be read between steps (see `StepGate`), and never written. */
  get memory(): Memory {
    return this.session.memory;
  }

  /** Epochs done so far. */
  get epoch(): number {
    return this.digests.length;
  }

  /** Whether all epochs are done, or validation has not improved for long enough. */
  get isDone(): boolean {
    const { epochs, patience } = this.recipe;
    return this.epoch >= epochs || isOutOfPatience(patience, this.best, this.epoch);
  }

  /** Steps of an epoch. */
  get stepsPerEpoch(): number {
    return stepsPerEpoch(this.recipe, this.split);
  }

  /**
   * Trains one epoch. Whatever ends it early, the training stands as after its last whole epoch: it can
   * be saved, finished, or given another try.
   *
   * @throws AbortedError if the signal ended it; NonFiniteError, which names the step, where the loss
   *   or a parameter stops being finite; BitgradError if all epochs are done, or another call has not
   *   come to its end
   */
  runEpoch(options: PassOptions = {}): Promise<EpochReport> {
    return this.alone('runEpoch', async () => {
      if (this.isDone) {
        throw new BitgradError(
          `runEpoch: expected a training with an epoch left, received one that is done after ${this.epoch}`,
        );
      }
      return this.trainEpoch(options);
    });
  }

  private async trainEpoch(options: PassOptions): Promise<EpochReport> {
    const { recipe, session, split, program, epoch } = this;
    const { memory } = session;
    const begun = performance.now();
    const ahead = this.ahead?.epoch === epoch ? this.ahead : await this.plan(epoch);
    writePlan(memory, ahead);
    const count = epochSize(recipe, split);
    const pass = (
      this.shared?.run(count, options) ?? runPass(session, program, 'train', count, options)
    ).catch((error: unknown) => {
      throw this.inRun(error);
    });
    // A pass off the event loop leaves it to draw what the next one needs.
    const isApart = session.runAsync !== undefined && this.shared === null;
    const isNext = isApart && epoch + 1 < recipe.epochs;
    const [next] = await Promise.all([isNext ? this.plan(epoch + 1) : null, pass]);
    this.ahead = next;
    const seconds = (performance.now() - begun) / 1000;
    await ownTurn();

    const loss = meanLoss(session, count) * lossUnit(this.targets);
    const parameters = readParameters(memory, recipe);
    this.checkFinite(parameters);
    const state = readState(memory, recipe);
    const digest = await weightsSha256(parameters);
    const validation = await this.look(split.validation, epoch + 1, this.lookingBy(options));
    const best =
      recipe.patience === null || validation.loss === null
        ? this.best
        : betterOf(this.best, epoch + 1, validation.loss, parameters);
    const stateDigest = await stateSha256(state, best);
    // From here on nothing can fail: an epoch counts as a whole or not at all.
    this.trainSeconds += seconds;
    this.samples += count;
    this.digests.push(digest);
    this.states?.push(stateDigest);
    this.state = state;
    this.best = best;
    return {
      epoch: this.epoch,
      loss,
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      seconds,
      samplesPerSecond: count / seconds,
      weightsSha256: digest,
      stateSha256: stateDigest,
    };
  }

  /** Lets one method work at a time, and puts the last whole epoch's state back where it fails. */
  private async alone<Result>(method: string, work: () => Promise<Result>): Promise<Result> {
    if (this.isClosed) {
      throw new BitgradError(`${method}: expected an open training, received a closed one`);
    }
    if (this.busy !== null) {
      throw new BitgradError(
        `${method}: expected an idle training, received one with ${this.busy} under way`,
        'await its promise first',
      );
    }
    this.busy = method;
    try {
      return await work();
    } catch (error) {
      if (!this.isClosed) writeState(this.session.memory, this.recipe, this.state);
      throw error;
    } finally {
      this.busy = null;
    }
  }

  private async plan(epoch: number): Promise<EpochPlan> {
    const { recipe, prepared, split } = this;
    const pieces = planningEpoch(recipe, prepared, split, epoch);
    return epochSize(recipe, split) > FEW_SAMPLES ? inTurns(pieces) : atOnce(pieces);
  }

  /** What is needed to go on after the last whole epoch. */
  checkpoint(): Checkpoint {
    const { recipe, dataset, digests, states, state, best, trainSeconds } = this;
    const { encoding = null } = this.prepared;
    return {
      contract: CONTRACT,
      recipe,
      dataset,
      encoding,
      epochs: [...digests],
      ...(states && { states: [...states] }),
      state,
      best,
      trainSeconds,
    };
  }

  /**
   * The trained model (the best epoch's, if the recipe has patience), evaluated. More epochs may
   * follow.
   *
   * @throws AbortedError if the signal ended it; BitgradError if no epoch is done yet, or another call
   *   has not come to its end
   */
  finish(options: PassOptions = {}): Promise<TrainedModel> {
    return this.alone('finish', async () => {
      if (this.epoch === 0) {
        throw new BitgradError(
          'finish: expected a training with at least one epoch done, received one with none',
          'await runEpoch() first',
        );
      }
      const { memory } = this.session;
      if (this.best) writeParameters(memory, this.recipe, this.best.parameters);
      const model = await this.describe(readParameters(memory, this.recipe), options);
      if (this.best) writeState(memory, this.recipe, this.state);
      return model;
    });
  }

  /** Evaluates the parameters that are in memory, and writes the receipt. */
  private async describe(parameters: Float32Array, given: PassOptions): Promise<TrainedModel> {
    const options = this.lookingBy(given);
    const { recipe, split, best, trainSeconds, standardization, targets, states, programSha256 } =
      this;
    const validation = await this.look(split.validation, this.epoch, options);
    const test = await this.look(split.test, this.epoch, options);
    const { classNames = null, encoding = null } = this.prepared;
    const preparation = {
      standardization,
      ...(targets === null ? {} : { targetStandardization: targets }),
      classNames,
      encoding,
    };
    const preparationDigest = await preparationSha256(preparation);
    const scores = await this.score({ recipe, parameters, ...preparation }, options);
    const receipt: Receipt = {
      ...(states && { format: RECEIPT_FORMAT }),
      contract: CONTRACT,
      recipe,
      dataset: this.dataset,
      ...(states === null && { programSha256 }),
      epochs: [...this.digests],
      ...(states && { states: [...states] }),
      bestEpoch: best?.epoch ?? null,
      weightsSha256: await weightsSha256(parameters),
      ...(preparationDigest === null ? {} : { preparationSha256: preparationDigest }),
      validationAccuracy: validation.accuracy,
      validationLoss: validation.loss,
      testAccuracy: test.accuracy,
      testLoss: test.loss,
      ...scores,
    };
    const samplesPerSecond = this.samples / trainSeconds;
    const { name, isa, threads } = this.backend;
    const finishedAt = new Date().toISOString();
    const times = { trainSeconds, samplesPerSecond, finishedAt };
    return {
      recipe,
      parameters,
      ...preparation,
      receipt,
      run: { versions: {}, backend: name, isa, threads, programSha256, ...times },
      trainSeconds,
      samplesPerSecond,
    };
  }

  /** What one rank hears must not end what all do alone. */
  private lookingBy({ signal, gate }: PassOptions): PassOptions {
    return { gate, signal: this.shared === null ? signal : undefined };
  }

  /** Frees the session. */
  close(): void {
    this.shared?.close();
    this.filled.close();
    this.isClosed = true;
  }

  /** Measures a model on the test samples; null if there are none. */
  private async score(model: Model, options: PassOptions): Promise<Scores | null> {
    const { prepared, split, backend } = this;
    if (split.test.length === 0) return null;
    // The samples in memory are standardised already.
    const given = { ...model, standardization: null };
    await ownTurn();
    const predictions = await predictSamples(given, prepared, split.test, backend, options);
    return inTurns(scoring(prepared, split.test, predictions, taskOf(model.recipe)));
  }

  /** Evaluates the weights as they are, after `epochs` epochs. */
  private async look(
    indices: Uint32Array,
    epochs: number,
    options: PassOptions,
  ): Promise<{ accuracy: number | null; loss: number | null }> {
    if (indices.length === 0) return { accuracy: null, loss: null };
    const { session, program, prepared } = this;
    try {
      const found = await evaluateSession(session, program, prepared, indices, options, this.ranks);
      return { accuracy: found.accuracy, loss: found.loss * lossUnit(this.targets) };
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      const steps = epochs * this.stepsPerEpoch;
      throw new NonFiniteError(
        `training: expected a finite loss of the evaluation after step ${steps}, received one that is not`,
        steps - 1,
        error.fix,
      );
    }
  }

  /** Says where in the run a pass found a value that is not finite. */
  private inRun(error: unknown): unknown {
    if (!(error instanceof NonFiniteError)) return error;
    const step = this.epoch * this.stepsPerEpoch + error.step;
    return new NonFiniteError(
      `training: expected a finite loss, received one that is not at step ${step + 1} (epoch ${this.epoch + 1}, step ${error.step + 1} of ${this.stepsPerEpoch})`,
      step,
      error.fix,
    );
  }

  private checkFinite(parameters: Float32Array): void {
    const at = parameters.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return;
    const shapes = parameterShapes(this.recipe);
    const { name } = shapes.find(({ start, length }) => at < start + length)!;
    const steps = (this.epoch + 1) * this.stepsPerEpoch;
    throw new NonFiniteError(
      `training: expected finite parameters, received ${parameters[at]} in ${name} after step ${steps}`,
      steps - 1,
      'a lower learning rate usually helps',
    );
  }
}
