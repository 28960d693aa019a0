// One thread's part of fuzz.mjs: makes inputs, has them read, tells what was not as it should be.

import { createHash } from 'node:crypto';
import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { BitgradError } from '../../packages/core-ts/dist/index.js';
import { Random } from './random.mjs';
import { READERS } from './readers.mjs';

/** An error's message is one line, and not as long as what it is about. */
const LONGEST_MESSAGE = 2000;

const { reader, seed, first, end, seconds, shared, folder, at } = workerData;
// What ends the whole process leaves nothing but this behind.
const place = at === undefined ? null : openSync(at, 'w');
// Most inputs are refused: a whole stack for each would take a third of the time. One input alone has it.
if (end - first > 1) Error.stackTraceLimit = 1;
digestAtOnce();
const { make, read } = READERS[reader];
const deadline = performance.now() + 1000 * seconds;
const summary = { inputs: 0, read: 0, refused: 0, slowest: 0, next: first };

while (summary.next < end && performance.now() < deadline) {
  const index = summary.next;
  Atomics.store(shared, 0, index);
  if (place !== null) writeSync(place, String(index).padEnd(16), 0);
  const random = new Random(seed, reader, index);
  const input = await make(random);
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
  summary.inputs += 1;
  summary.next += 1;
}
parentPort.postMessage({ summary });
// A reader may have left timers, as a server does.
setImmediate(() => process.exit());

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
  const bytes = input instanceof Uint8Array ? input : JSON.stringify(input);
  writeFileSync(fileURLToPath(new URL(`${reader}-${seed}-${index}`, runs)), bytes ?? '');
  parentPort.postMessage({ failure: { index, why } });
}

/** Lets WebCrypto make digests in this thread: what is digested here is so small that others take longer to wait for. */
function digestAtOnce() {
  crypto.subtle.digest = async (_, bytes) =>
    Uint8Array.from(createHash('sha256').update(bytes).digest()).buffer;
}
