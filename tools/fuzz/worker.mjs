// One thread's part of fuzz.mjs: makes inputs, has them read, tells what was not as it should be.

import { createHash } from 'node:crypto';
import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { BitgradError } from '../../packages/core-ts/dist/index.js';
import { Coverage } from './coverage.mjs';
import { Random } from './random.mjs';

/** Inputs that came across something new are kept, to be changed further: so many, of so many bytes at most. */
const MOST_KEPT = 2000;
const LARGEST_KEPT = 2 ** 16;
/** An error's message is one line, and not as long as what it is about. */
const LONGEST_MESSAGE = 2000;

const { reader, seed, first, end, seconds, shared, folder, at, isGuided, current } = workerData;
// What ends the whole process leaves nothing but this behind.
const place = at === undefined ? null : openSync(at, 'w');
// Most inputs are refused: a whole stack for each would take a third of the time. One input alone has it.
if (end - first > 1) Error.stackTraceLimit = 1;
digestAtOnce();
const coverage = isGuided ? new Coverage() : null;
const { READERS } = await import('./readers.mjs');
const { make, read, corpus } = READERS[reader];
const originals = corpus?.length;
const deadline = performance.now() + 1000 * seconds;
const LEFT_OUT = Symbol('left out');
const summary = { inputs: 0, read: 0, refused: 0, slowest: 0, ways: 0, next: first };

while (summary.next < end && performance.now() < deadline) {
  const index = summary.next;
  Atomics.store(shared, 0, index);
  if (place !== null) writeSync(place, String(index).padEnd(16), 0);
  const random = new Random(seed, reader, index);
  const input = isGuided ? await madeFurther(random) : await make(random);
  if (input === LEFT_OUT) {
    summary.next += 1;
    continue;
  }
  // What it was made from is lost with this thread.
  if (isGuided) writeFileSync(current, bytesOf(input));
  const begun = performance.now();
  try {
    await read(input, random, folder);
    summary.read += 1;
  } catch (error) {
    const why = wrongIn(error);
    if (why === null) summary.refused += 1;
    else keep(index, input, why);
  }
  summary.slowest = Math.max(summary.slowest, performance.now() - begun);
  if (coverage?.isNew() && corpus) join(corpus, input);
  summary.inputs += 1;
  summary.next += 1;
}
summary.ways = coverage?.size ?? 0;
parentPort.postMessage({ summary });
// A reader may have left timers, as a server does.
setImmediate(() => process.exit());

/** Of what was kept some is no longer what the next change takes for granted. */
async function madeFurther(random) {
  try {
    return await make(random);
  } catch {
    return LEFT_OUT;
  }
}

/** Lets an input be one of those that are changed; as often as all of them one that was there first is. */
function join(inputs, input) {
  if (inputs.length >= MOST_KEPT || (input?.length ?? 0) > LARGEST_KEPT) return;
  inputs.push(input, inputs[summary.inputs % originals]);
}

/** What is wrong with an error, or null for one that is clear. */
function wrongIn(error) {
  if (!(error instanceof BitgradError)) {
    return `${error?.name}: ${error?.message} ${String(error?.stack).split('\n')[1]?.trim()}`;
  }
  if (error.message.length > LONGEST_MESSAGE)
    return `a message of ${error.message.length} letters: ${error.message.slice(0, 160)}`;
  return error.message === '' ? 'an empty message' : null;
}

function keep(index, input, why) {
  const runs = new URL('../../runs/fuzz/', import.meta.url);
  mkdirSync(runs, { recursive: true });
  writeFileSync(fileURLToPath(new URL(`${reader}-${seed}-${index}`, runs)), bytesOf(input));
  parentPort.postMessage({ failure: { index, why } });
}

function bytesOf(input) {
  return input instanceof Uint8Array ? input : (JSON.stringify(input) ?? String(input));
}

/** Lets WebCrypto make digests in this thread: what is digested here is so small that others take longer to wait for. */
function digestAtOnce() {
  crypto.subtle.digest = async (_, bytes) =>
    Uint8Array.from(createHash('sha256').update(bytes).digest()).buffer;
}
