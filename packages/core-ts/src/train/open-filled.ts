import type { Backend, SampleMemory, Session } from '../backend.js';
import type { Dataset } from '../dataset.js';
import type { Program } from '../program/program.js';
import { fitsSamples } from '../program/sample-memory.js';
import { BYTES_A_PIECE, ITEMS_A_PIECE, inTurns, type Pieces, stretches } from '../turns.js';
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
  /** Promises that the samples will not change any more (`Session.freezeSamples`), in pieces. */
  freeze(): Promise<void>;
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
  /** Once they are there. */
  written: Promise<void>;
  /** Once no session is about to work out what it keeps of them, which the next one then finds. */
  frozen: Promise<unknown>;
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
export async function openFilled(
  backend: Backend,
  program: Program,
  dataset: Dataset,
  preparation: Preparation,
): Promise<Filled> {
  const loan = await borrow(backend, program, dataset, preparation);
  let session: Session | undefined;
  const close = (): void => {
    session?.close();
    if (loan && isOpen) giveBack(loan);
    isOpen = false;
  };
  let isOpen = true;
  try {
    session = backend.open(program, loan?.samples);
    // A backend that wraps another one may not have handed them on.
    if (loan === null || session.samples !== loan.samples) {
      await inTurns(writeSamples(session, dataset, preparation));
    }
    return { session, freeze: () => freezeAfter(loan, session!), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Sessions that share samples share what is kept of them, where one is done before the next begins. */
async function freezeAfter(loan: Loan | null, session: Session): Promise<void> {
  const own = (loan?.frozen ?? Promise.resolve()).then(() =>
    session.freezeSamplesAsync ? session.freezeSamplesAsync() : session.freezeSamples?.(),
  );
  if (loan) loan.frozen = own.catch(() => undefined);
  await own;
}

async function borrow(
  backend: Backend,
  program: Program,
  dataset: Dataset,
  preparation: Preparation,
): Promise<Loan | null> {
  if (backend.openSamples === undefined) return null;
  const prepared = JSON.stringify(preparation);
  const lent = loans.get(dataset.inputs) ?? [];
  const known = lent.filter(
    (loan) =>
      loan.backend === backend &&
      loan.prepared === prepared &&
      loan.dataset.labels === dataset.labels &&
      loan.dataset.values === dataset.values &&
      fitsSamples(program, loan.samples),
  );
  for (const loan of known) if (await shares(loan, dataset, preparation)) return loan;
  const isAsItIs = preparation.inputs === null && !preparation.targets;
  const place = isAsItIs && program.samples ? sharedMemoryOf(dataset, program.samples) : null;
  const samples = backend.openSamples(program, place ?? undefined);
  const done = Promise.resolve();
  const loan = { backend, dataset, prepared, samples, written: done, frozen: done, sessions: 1 };
  // Others that come meanwhile wait for it instead of making a copy of their own.
  loans.set(dataset.inputs, [...(loans.get(dataset.inputs) ?? []), loan]);
  if (place === null) loan.written = inTurns(writeSamples(samples, dataset, preparation));
  try {
    await loan.written;
    return loan;
  } catch (error) {
    giveBack(loan);
    throw error;
  }
}

/** Takes part in a loan where its samples are those of the data set. */
async function shares(loan: Loan, dataset: Dataset, preparation: Preparation): Promise<boolean> {
  // First, as the last of the others may give it back meanwhile.
  if (loan.sessions === 0) return false;
  loan.sessions += 1;
  let isShared = false;
  try {
    await loan.written;
    isShared = await inTurns(holds(loan.samples, dataset, preparation));
    return isShared;
  } finally {
    if (!isShared) giveBack(loan);
  }
}

/** Whether samples are what a data set would be written as. */
function* holds(
  { memory }: SampleMemory,
  dataset: Dataset,
  preparation: Preparation,
): Pieces<boolean> {
  const { inputs, labels, values } = dataset;
  if (inputs instanceof Uint8Array) {
    if (!(yield* areEqual(inputs, memory.u8('samples')))) return false;
  } else if (!(yield* arePrepared(inputs, preparation.inputs, memory.f32('samples')))) {
    return false;
  }
  if (values === undefined) return yield* areEqual(labels, memory.u32('labels'));
  return yield* arePrepared(values, preparation.targets ?? null, memory.f32('values'));
}

function* arePrepared(
  values: Float32Array,
  standardization: Standardization | null,
  kept: Float32Array,
): Pieces<boolean> {
  if (standardization === null) return yield* areEqual(values, kept);
  const piece = rowsOf(standardization.mean.length);
  const block = new Float32Array(Math.min(piece, values.length));
  for (const [begin, end] of stretches(values.length, piece)) {
    const prepared = block.subarray(0, end - begin);
    standardize(values.subarray(begin, end), standardization, prepared);
    if (!areSameBytes(bytesOf(prepared), bytesOf(kept.subarray(begin, end)))) return false;
    yield;
  }
  return true;
}

/** Whether two arrays are the same bytes. */
function* areEqual(one: ArrayBufferView, other: ArrayBufferView): Pieces<boolean> {
  const [a, b] = [bytesOf(one), bytesOf(other)];
  if (a.length !== b.length) return false;
  for (const [begin, end] of stretches(a.length, BYTES_A_PIECE)) {
    if (!areSameBytes(a.subarray(begin, end), b.subarray(begin, end))) return false;
    yield;
  }
  return true;
}

function areSameBytes(a: Uint8Array, b: Uint8Array): boolean {
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

/** Numbers of whole rows that are standardised in a piece. */
function rowsOf(width: number): number {
  return width * Math.ceil(ITEMS_A_PIECE / width);
}

/** Copies a data set into `samples` and `labels` (or `values`). */
function* writeSamples(
  { memory }: SampleMemory | Session,
  { inputs, labels, values }: Dataset,
  { inputs: scales, targets }: Preparation,
): Pieces<void> {
  if (inputs instanceof Uint8Array) yield* copy(inputs, memory.u8('samples'));
  else if (scales) yield* standardizeInto(inputs, scales, memory.f32('samples'));
  else yield* copy(inputs, memory.f32('samples'));
  if (values && targets) yield* standardizeInto(values, targets, memory.f32('values'));
  else if (values) yield* copy(values, memory.f32('values'));
  else yield* copy(labels, memory.u32('labels'));
}

function* copy(from: ArrayBufferView, to: ArrayBufferView): Pieces<void> {
  const [source, target] = [bytesOf(from), bytesOf(to)];
  for (const [begin, end] of stretches(source.length, BYTES_A_PIECE)) {
    target.set(source.subarray(begin, end), begin);
    yield;
  }
}

function* standardizeInto(
  values: Float32Array,
  scales: Standardization,
  to: Float32Array,
): Pieces<void> {
  for (const [begin, end] of stretches(values.length, rowsOf(scales.mean.length))) {
    standardize(values.subarray(begin, end), scales, to.subarray(begin, end));
    yield;
  }
}
