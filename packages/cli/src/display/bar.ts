import type { EpochReport, Progress, StartReport } from '@bitgrad/core';
import { formatClock, formatLoss, formatPercent, formatRate } from '../format.js';
import { colorsOf, shown } from '../output.js';

/** A progress bar on stderr that goes away when it is closed. */
export interface Bar {
  start(report: StartReport): void;
  progress(progress: Progress): void;
  epoch(report: EpochReport): void;
  close(): void;
}

// What terminals understand.
const BEGINNING = '\r';
const CLEAR_REST = '\x1b[K';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

/** How often the bar is drawn, in milliseconds. */
const INTERVAL = 100;
/** The bar's own width, in columns. */
const SHORTEST = 8;
const LONGEST = 30;
/** What stands beside it needs about as much. */
const LONGEST_FACTS = 72;

/**
 * Makes a bar; it shows once it is started.
 *
 * @param isHeard whether signals are: a cursor that is hidden must come back
 */
export function openBar(isHeard: boolean): Bar {
  const { green, dim } = colorsOf(process.stderr);
  let samplesPerEpoch = 0;
  let stepsPerEpoch = 1;
  let epochs = 1;
  let startedAt = 0;
  let current = 1;
  let width = 0;
  let last: EpochReport | null = null;

  const draw = (value: number, total: number): string => {
    const elapsed = (performance.now() - startedAt) / 1000;
    const rate = (value / stepsPerEpoch) * (samplesPerEpoch / elapsed);
    const facts = factsThatFit((process.stderr.columns || 80) - width - 1, {
      epoch: `epoch ${current}/${epochs}`,
      loss: last && `loss ${formatLoss(last.loss)}`,
      validation:
        last?.validationAccuracy != null
          ? `validation ${formatPercent(last.validationAccuracy)}`
          : null,
      rate: value > 0 ? `${formatRate(rate)} samples/s` : null,
      left: value > 0 ? `${formatClock((elapsed * (total - value)) / value)} left` : null,
    });
    const done = Math.floor((width * value) / total);
    return shown(`${green('━'.repeat(done))}${dim('─'.repeat(width - done))} ${facts}`);
  };

  let drawnAt = 0;
  const update = (value: number): void => {
    const now = performance.now();
    if (now - drawnAt < INTERVAL && value < epochs * stepsPerEpoch) return;
    drawnAt = now;
    const line = draw(value, epochs * stepsPerEpoch);
    process.stderr.write(`${BEGINNING}${line}${CLEAR_REST}`);
  };
  const close = (): void => {
    process.off('exit', close);
    if (drawnAt === 0) return;
    process.stderr.write(`${BEGINNING}${CLEAR_REST}${SHOW_CURSOR}`);
  };

  return {
    start({ recipe, dataset }) {
      samplesPerEpoch = dataset.train + (recipe.trainOnValidation ? dataset.validation : 0);
      stepsPerEpoch = Math.ceil(samplesPerEpoch / recipe.batchSize);
      epochs = recipe.epochs;
      const longest = dataset.validation > 0 ? LONGEST_FACTS : LONGEST_FACTS - 20;
      const room = (process.stderr.columns || 80) - longest;
      width = Math.max(SHORTEST, Math.min(LONGEST, room));
      startedAt = performance.now();
      // Should the process end in the middle, the cursor must come back.
      process.on('exit', close);
      if (isHeard) process.stderr.write(HIDE_CURSOR);
      update(0);
    },
    progress({ epoch, step }) {
      current = epoch;
      update((epoch - 1) * stepsPerEpoch + step);
    },
    epoch(report) {
      last = report;
      update(report.epoch * stepsPerEpoch);
    },
    close,
  };
}

type Fact = 'epoch' | 'loss' | 'validation' | 'rate' | 'left';

/** What is left out first where a terminal is narrow. */
const DISPENSABLE: readonly Fact[] = ['rate', 'loss', 'validation', 'left'];

/** Joins the facts that there are, leaving out some where they need more than `room` columns. */
export function factsThatFit(room: number, facts: Readonly<Record<Fact, string | null>>): string {
  const kept = { ...facts };
  const joined = (): string =>
    Object.values(kept)
      .filter((fact) => fact !== null)
      .join('  ');
  for (const fact of DISPENSABLE) {
    if (joined().length <= room) break;
    kept[fact] = null;
  }
  return joined();
}
