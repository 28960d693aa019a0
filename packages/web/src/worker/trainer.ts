import {
  AbortedError,
  type Backend,
  COUNT,
  type Dataset,
  type Memory,
  type Model,
  POSITION,
  type Receipt,
  type Recipe,
  type RunRecord,
  readParameters,
  splitDataset,
  train,
} from '@bitgrad/core';
import { Gate } from './gate.js';
import { History, nextMoment } from './history.js';
import { Look } from './look.js';
import { LossWindows } from './loss-windows.js';
import { pictureOf } from './picture.js';
import type { EpochDone, Moment, StepNumbers, TrainingProgress } from './protocol.js';
import { stepGate } from './step-gate.js';
import { captureStep, explainStep, type StepInput } from './step-numbers.js';
import { VERSIONS } from './versions.js';

/** How often the page is told how the training goes, in milliseconds. */
const REPORT_MILLISECONDS = 90;

export interface TrainingHooks {
  /** Told the accuracy of the initial weights; with it, every epoch is looked at too. */
  readonly onStart?: (accuracy: number) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly onEpoch?: (report: EpochDone) => void;
  /** Told the moments whose weights are kept; without it, none are. */
  readonly onMoment?: (moments: readonly Moment[]) => void;
}

export interface TrainedHere extends Model {
  readonly receipt: Receipt;
  readonly run: RunRecord;
}

/** One training that is under way: it can be paused, stopped, and looked into between steps. */
export class Training {
  readonly gate = new Gate();
  readonly history = new History();
  private readonly abortion = new AbortController();
  private memory: Memory | undefined;
  private stepsDone = 0;

  constructor(
    readonly recipe: Recipe,
    readonly dataset: Dataset,
    private readonly backend: Backend,
    /** What the training begins with instead of random weights. */
    private readonly start?: Model,
  ) {}

  /** Runs to the end. */
  async run(hooks: TrainingHooks): Promise<TrainedHere> {
    const { recipe, dataset, backend, gate } = this;
    const look = hooks.onStart ? new Look(backend, recipe, dataset) : null;
    const report = this.reporter(hooks.onProgress);
    const stepsPerEpoch = Math.ceil(splitDataset(dataset, recipe).train.length / recipe.batchSize);
    const keep = look && hooks.onMoment ? this.keeper(look, hooks.onMoment) : null;
    try {
      const trained = await train({
        recipe,
        dataset,
        backend,
        gate: stepGate(gate, this.abortion.signal, {
          left: () =>
            keep
              ? nextMoment(this.stepsDone, stepsPerEpoch) - this.stepsDone
              : Number.POSITIVE_INFINITY,
          made: (steps) => {
            this.stepsDone += steps;
            if (nextMoment(this.stepsDone - 1, stepsPerEpoch) === this.stepsDone)
              keep?.(this.stepsDone / stepsPerEpoch);
          },
        }),
        start: this.start,
        signal: this.abortion.signal,
        onStart: (_, { memory }) => {
          this.memory = memory;
          // A glance: a large network would read all test images for seconds before its first step.
          if (look) hooks.onStart?.(look.glance(this.parameters()!));
          keep?.(0);
        },
        onProgress: ({ epoch }) => report(epoch),
        onEpoch: ({ epoch, weightsSha256 }) => {
          report(epoch, true);
          const accuracy = look?.at(this.parameters()!).accuracy ?? null;
          hooks.onEpoch?.({ epoch, weightsSha256, accuracy });
          if (accuracy !== null) keep?.(epoch, accuracy);
        },
      });
      const trainSeconds = Math.max(1e-3, trained.trainSeconds - gate.pausedSeconds);
      const run: RunRecord = {
        ...trained.run,
        versions: VERSIONS,
        trainSeconds,
        samplesPerSecond: (trained.samplesPerSecond * trained.trainSeconds) / trainSeconds,
      };
      return { ...trained, run };
    } finally {
      this.memory = undefined;
      gate.end();
      look?.close();
    }
  }

  stop(): void {
    this.abortion.abort();
  }

  /** The weights at this moment, or undefined before the first and after the last step. */
  parameters(): Float32Array | undefined {
    return this.memory && readParameters(this.memory, this.recipe);
  }

  /** The numbers of the next step that the training makes; a paused one makes just that step. */
  nextStep(): Promise<StepNumbers> {
    const { recipe, dataset } = this;
    return new Promise((resolve, reject) => {
      let input: StepInput;
      this.gate.observeStep({
        before: (memory) => {
          input = captureStep(memory, recipe);
        },
        after: () => {
          resolve(explainStep(input, dataset, { isReal: true, step: this.stepsDone + 1 }));
        },
        inVain: () => reject(new AbortedError('the training ended before another step')),
      });
    });
  }

  /** Makes a function that keeps the weights as they are now, and tells all that are kept. */
  private keeper(look: Look, tell: (moments: readonly Moment[]) => void) {
    return (epochs: number, known?: number): void => {
      const parameters = this.parameters();
      if (parameters === undefined) return;
      const accuracy = known ?? look.glance(parameters);
      this.history.add({ step: this.stepsDone, epochs, accuracy, parameters });
      tell(this.history.moments);
    };
  }

  /** Makes a function that reports what happened since it was last called. */
  private reporter(tell: TrainingHooks['onProgress']): (epoch: number, isLast?: boolean) => void {
    const windows = new LossWindows(this.recipe.epochs);
    let [lastEpoch, lastPosition, lastTime, lastPaused] = [0, 0, performance.now(), 0];
    let later: ReturnType<typeof setTimeout> | undefined;
    let latestEpoch = 0;
    const report = (epoch: number, isLast = false): void => {
      const now = performance.now();
      const { memory } = this;
      latestEpoch = epoch;
      if (isLast) {
        clearTimeout(later);
        later = undefined;
      }
      if (tell === undefined || memory === undefined) return;
      const rest = lastTime + REPORT_MILLISECONDS - now;
      if (!isLast && rest > 0) {
        // Where the next step is long in coming, nobody else would tell of this one.
        later ??= setTimeout(() => {
          later = undefined;
          report(latestEpoch);
        }, rest);
        return;
      }
      const control = memory.u32('control');
      const [position, count] = [control[POSITION]!, control[COUNT]!];
      const begin = epoch === lastEpoch ? lastPosition : 0;
      const { pausedSeconds } = this.gate;
      const seconds = (now - lastTime) / 1000 - (pausedSeconds - lastPaused);
      if (position <= begin) return;
      tell({
        epoch,
        epochsDone: epoch - 1 + position / count,
        losses: windows.take(epoch, memory.f32('losses'), position, count),
        stepsDone: this.stepsDone,
        samplesPerSecond: (position - begin) / Math.max(seconds, 1e-4),
        picture: pictureOf(this.recipe, readParameters(memory, this.recipe)),
      });
      [lastEpoch, lastPosition, lastTime, lastPaused] = [epoch, position, now, pausedSeconds];
    };
    return report;
  }
}
