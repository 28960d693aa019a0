import type { Backend, SampleMemory, Session } from '../backend.js';
import type { Dataset } from '../dataset.js';
import type { Program } from '../program/program.js';
import { fitsSamples } from '../program/sample-memory.js';
import { bytesOf } from './copies.js';
import { sharedMemoryOf } from './share-dataset.js';
import { type Standardization, standardize } from './standardize.js';

/** What a data set's numbers are standardised with. */
export interface Preparation {
  readonly inputs: Standardization | null;
  readonly targets: Standardization | null | undefined;
}

/** A session with a data set to gather from. */
export interface Filled {
  readonly session: Session;
  /** Closes the session, and lets go of the samples. Closing twice is allowed. */
  close(): void;
}

/** Samples in a backend's memory, and how many sessions use them. */
interface Loan {
  readonly backend: Backend;
  readonly dataset: Dataset;
  /** The preparation, as text. */
  readonly prepared: string;
  readonly samples: SampleMemory;
  sessions: number;
}

/** By the data sets' inputs: trainings of one data set, and looks at it, share one copy. */
const loans = new WeakMap<Dataset['inputs'], Loan[]>();

/**
 * Opens a session that has its samples: those of another session on the same data, if there is one, else
 * a copy of its own, a table and numbers to be learnt standardised on the way.
 *
 * @param dataset must not change while the session is open. What it says of its samples counts, not what
 *   another session was given: a copy that is no longer like it is not shared
 * @throws whatever the backend throws
 */
export function openFilled(
  backend: Backend,
  program: Program,
  dataset: Dataset,
  preparation: Preparation,
): Filled {
  const loan = borrow(backend, program, dataset, preparation);
  try {
    const session = backend.open(program, loan?.samples);
    // A backend that wraps another one may not have handed them on.
    if (loan === null || session.samples !== loan.samples) {
      writeSamples(session, dataset, preparation);
    }
    let isOpen = true;
    return {
      session,
      close() {
        session.close();
        if (loan && isOpen) giveBack(loan);
        isOpen = false;
      },
    };
  } catch (error) {
    if (loan) giveBack(loan);
    throw error;
  }
}

function borrow(
  backend: Backend,
  program: Program,
  dataset: Dataset,
  preparation: Preparation,
): Loan | null {
  if (backend.openSamples === undefined) return null;
  const prepared = JSON.stringify(preparation);
  const lent = loans.get(dataset.inputs) ?? [];
  const known = lent.find(
    (loan) =>
      loan.backend === backend &&
      loan.prepared === prepared &&
      loan.dataset.labels === dataset.labels &&
      loan.dataset.values === dataset.values &&
      fitsSamples(program, loan.samples) &&
      holds(loan.samples, dataset, preparation),
  );
  if (known) {
    known.sessions += 1;
    return known;
  }
  const isAsItIs = preparation.inputs === null && !preparation.targets;
  const place = isAsItIs && program.samples ? sharedMemoryOf(dataset, program.samples) : null;
  const samples = backend.openSamples(program, place ?? undefined);
  if (place === null) writeSamples(samples, dataset, preparation);
  const loan = { backend, dataset, prepared, samples, sessions: 1 };
  loans.set(dataset.inputs, [...lent, loan]);
  return loan;
}

/** Whether samples are what a data set would be written as. */
function holds({ memory }: SampleMemory, dataset: Dataset, preparation: Preparation): boolean {
  const { inputs, labels, values, features } = dataset;
  if (inputs instanceof Uint8Array) {
    if (!areEqual(inputs, memory.u8('samples'))) return false;
  } else if (!arePrepared(inputs, preparation.inputs, features, memory.f32('samples')))
    return false;
  if (values === undefined) return areEqual(labels, memory.u32('labels'));
  const kept = memory.f32('values');
  return arePrepared(
    values,
    preparation.targets ?? null,
    values.length / (inputs.length / features),
    kept,
  );
}

/** Rows that are standardised at a time, to be compared. */
const ROWS = 1024;

function arePrepared(
  values: Float32Array,
  standardization: Standardization | null,
  width: number,
  kept: Float32Array,
): boolean {
  if (standardization === null) return areEqual(values, kept);
  const block = new Float32Array(ROWS * width);
  for (let at = 0; at < values.length; at += block.length) {
    const some = values.subarray(at, at + block.length);
    const prepared = block.subarray(0, some.length);
    standardize(some, standardization, prepared);
    if (!areEqual(prepared, kept.subarray(at, at + some.length))) return false;
  }
  return true;
}

/** Whether two arrays are the same bytes. */
function areEqual(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const [a, b] = [bytesOf(one), bytesOf(other)];
  if (a.length !== b.length) return false;
  const areAligned = a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0;
  const words = areAligned ? Math.floor(a.length / 4) : 0;
  const [c, d] = [a, b].map(
    ({ buffer, byteOffset }) => new Uint32Array(buffer, byteOffset, words),
  ) as [Uint32Array, Uint32Array];
  for (let i = 0; i < words; i += 1) if (c[i] !== d[i]) return false;
  for (let i = 4 * words; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function giveBack(loan: Loan): void {
  loan.sessions -= 1;
  if (loan.sessions > 0) return;
  loan.samples.close();
  const left = (loans.get(loan.dataset.inputs) ?? []).filter((other) => other !== loan);
  loans.set(loan.dataset.inputs, left);
}

/** Copies a data set into `samples` and `labels` (or `values`). */
function writeSamples(
  { memory }: SampleMemory | Session,
  { inputs, labels, values }: Dataset,
  preparation: Preparation,
): void {
  const { targets } = preparation;
  if (inputs instanceof Uint8Array) memory.u8('samples').set(inputs);
  else if (preparation.inputs) standardize(inputs, preparation.inputs, memory.f32('samples'));
  else memory.f32('samples').set(inputs);
  if (values && targets) standardize(values, targets, memory.f32('values'));
  else if (values) memory.f32('values').set(values);
  else memory.u32('labels').set(labels);
}
