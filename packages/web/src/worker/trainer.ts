import {
  AbortedError,
  type Backend,
  COUNT,
  type Dataset,
  type Model,
  POSITION,
  type Receipt,
  type Recipe,
  type RunRecord,
  readParameters,
  type Session,
  STEP,
  train,
} from '@bitgrad/core';
import { cooperative } from './cooperative.js';
import { Gate } from './gate.js';
import { Look } from './look.js';
import type { EpochDone, StepNumbers, TrainingProgress } from './protocol.js';
import { captureStep, explainStep, type StepInput } from './step-numbers.js';
import { VERSIONS } from './versions.js';
import { weightImages } from './weight-images.js';

/** How often the page is told how the training goes, in milliseconds. */
const REPORT_MILLISECONDS = 90;

export interface TrainingHooks {
  /** Told the accuracy of the initial weights; with it, every epoch is looked at too. */
  readonly onStart?: (accuracy: number) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly onEpoch?: (report: EpochDone) => void;
}

export interface TrainedHere extends Model {
  readonly receipt: Receipt;
  readonly run: RunRecord;
}

/** One training that is under way: it can be paused, stopped, and looked into between steps. */
export class Training {
  readonly gate = new Gate();
  private readonly abortion = new AbortController();
  private session: Session | undefined;
  private stepsPerEpoch = 1;
  private epochsBegun = 0;

  constructor(
    readonly recipe: Recipe,
    readonly dataset: Dataset,
    private readonly backend: Backend,
  ) {}

  /** Runs to the end. */
  async run(hooks: TrainingHooks): Promise<TrainedHere> {
    const { recipe, dataset, backend, gate } = this;
    const look = hooks.onStart ? new Look(backend, recipe, dataset) : null;
    const report = this.reporter(hooks.onProgress);
    try {
      const trained = await train({
        recipe,
        dataset,
        backend: cooperative(backend, gate, (session) => {
          this.session = session;
        }),
        signal: this.abortion.signal,
        onStart: () => {
          if (look) hooks.onStart?.(look.at(this.parameters()!).accuracy);
        },
        onProgress: ({ epoch, stepsPerEpoch }) => {
          this.epochsBegun = epoch;
          this.stepsPerEpoch = stepsPerEpoch;
          report(epoch);
        },
        onEpoch: ({ epoch, weightsSha256 }) => {
          report(epoch, true);
          const accuracy = look?.at(this.parameters()!).accuracy ?? null;
          hooks.onEpoch?.({ epoch, weightsSha256, accuracy });
        },
      });
      const trainSeconds = Math.max(1e-3, trained.trainSeconds - gate.pausedSeconds);
      const run: RunRecord = {
        versions: VERSIONS,
        backend: backend.name,
        isa: backend.isa,
        threads: backend.threads,
        trainSeconds,
        samplesPerSecond: (trained.samplesPerSecond * trained.trainSeconds) / trainSeconds,
        finishedAt: new Date().toISOString(),
      };
      return { ...trained, run };
    } finally {
      this.session = undefined;
      gate.end();
      look?.close();
    }
  }

  stop(): void {
    this.abortion.abort();
  }

  /** The weights at this moment, or undefined before the first and after the last step. */
  parameters(): Float32Array | undefined {
    return this.session && readParameters(this.session.memory, this.recipe);
  }

  /** The numbers of the next step that the training makes; a paused one makes just that step. */
  nextStep(): Promise<StepNumbers> {
    const { recipe, dataset } = this;
    return new Promise((resolve, reject) => {
      let input: StepInput;
      this.gate.observeStep({
        before: ({ memory }) => {
          input = captureStep(memory, recipe);
        },
        after: ({ memory }) => {
          const done = Math.max(0, this.epochsBegun - 1) * this.stepsPerEpoch;
          const step = done + memory.u32('control')[STEP]!;
          resolve(explainStep(input, dataset, { isReal: true, step }));
        },
        inVain: () => reject(new AbortedError('the training ended before another step')),
      });
    });
  }

  /** Makes a function that reports what happened since it was last called. */
  private reporter(tell: TrainingHooks['onProgress']): (epoch: number, isLast?: boolean) => void {
    let [lastEpoch, lastPosition, lastTime, lastPaused] = [0, 0, performance.now(), 0];
    return (epoch, isLast = false) => {
      const now = performance.now();
      if (tell === undefined || this.session === undefined) return;
      if (!isLast && now - lastTime < REPORT_MILLISECONDS) return;
      const { memory } = this.session;
      const control = memory.u32('control');
      const [position, count] = [control[POSITION]!, control[COUNT]!];
      const begin = epoch === lastEpoch ? lastPosition : 0;
      const { pausedSeconds } = this.gate;
      const seconds = (now - lastTime) / 1000 - (pausedSeconds - lastPaused);
      if (position <= begin) return;
      tell({
        epoch,
        epochsDone: epoch - 1 + position / count,
        loss: mean(memory.f32('losses').subarray(begin, position)),
        samplesPerSecond: (position - begin) / Math.max(seconds, 1e-4),
        weights: weightImages(this.recipe, readParameters(memory, this.recipe)),
      });
      [lastEpoch, lastPosition, lastTime, lastPaused] = [epoch, position, now, pausedSeconds];
    };
  }
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
