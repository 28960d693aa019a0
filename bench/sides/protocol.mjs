// How a side in JavaScript talks with the driver: lines of JSON on stdin and stdout.
//
//   {"do":"open","task":{…},"material":"folder"}  →  {"version":"…","check":[…]}
//   {"do":"measure","steps":400}                  →  {"seconds":0.21}
//
// `open` prepares a task, replaces the one before, and answers with numbers by which the driver sees
// that all sides compute the same; a task that the side does otherwise has none. `measure` times
// steps by the side's own clock, so that pipes take no part.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CLASSES, FEATURES, SAMPLES, SINGLE_IMAGES } from '../workloads.mjs';

/**
 * @typedef {import('../workloads.mjs').Training | import('../workloads.mjs').Inference | import('../workloads.mjs').Gemm} AnyTask
 * @typedef {{ check: readonly number[] | null, run: (steps: number) => unknown }} Opened
 */

/**
 * Answers the driver until it closes stdin.
 *
 * @param {string} version the side's name and version
 * @param {(task: any, material: Material) => Opened | Promise<Opened>} open
 */
export async function serve(version, open) {
  // Libraries greet on stdout.
  console.log = console.error;
  /** @type {Opened | null} */
  let opened = null;
  for await (const line of createInterface({ input: process.stdin })) {
    let answer;
    try {
      const request = JSON.parse(line);
      if (request.do === 'open') {
        opened = await open(request.task, new Material(request.material));
        answer = { version, check: opened.check };
      } else {
        const run = /** @type {Opened} */ (opened).run;
        const begun = performance.now();
        await run(request.steps);
        answer = { seconds: (performance.now() - begun) / 1000 };
      }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  // Some libraries' workers would keep the process alive.
  process.exit();
}

/** The files that all sides read. */
export class Material {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  /** Bytes `[SAMPLES, FEATURES]`. */
  get samples() {
    return this.#read('samples.u8');
  }

  /** Classes `[SAMPLES]`. */
  get labels() {
    return this.#read('labels.u8');
  }

  /**
   * A network's layers that have parameters: weight `[in, out]`, bias `[out]`.
   *
   * @param {{ name: string }} task
   */
  layers(task) {
    return this.nodes(task)
      .filter(({ values }) => values.weight)
      .map(({ inputShape: [inWidth], outputShape: [outWidth], values }) => ({
        inWidth,
        outWidth,
        ...values,
      }));
  }

  /**
   * All of a network's layers, with their parameters' values by role.
   *
   * @param {{ name: string }} task
   * @returns {any[]}
   */
  nodes({ name }) {
    const flat = this.floats(`${name}.f32`);
    let at = 0;
    const take = (/** @type {{ shape: number[] }} */ { shape }) => {
      const length = shape.reduce((product, size) => product * size, 1);
      at += length;
      return flat.slice(at - length, at);
    };
    const nodes = JSON.parse(readFileSync(join(this.folder, `${name}.json`), 'utf8'));
    return nodes.map((/** @type {any} */ node) => ({
      ...node,
      values: Object.fromEntries(
        node.parameters.map((/** @type {any} */ parameter) => [parameter.role, take(parameter)]),
      ),
    }));
  }

  /** @param {string} name */
  floats(name) {
    return new Float32Array(this.#read(name).slice().buffer);
  }

  /**
   * Batches of samples as floats `[batch, FEATURES]` with one-hot targets `[batch, CLASSES]`.
   *
   * @param {import('../workloads.mjs').Training} task
   */
  batches({ batchSize, preprocess }) {
    const { samples, labels } = this;
    return Array.from({ length: SAMPLES / batchSize }, (_, batch) => {
      const first = batch * batchSize;
      const pixels = samples.subarray(first * FEATURES, (first + batchSize) * FEATURES);
      const y = new Float32Array(batchSize * CLASSES);
      for (let row = 0; row < batchSize; row += 1) {
        y[row * CLASSES + /** @type {number} */ (labels[first + row])] = 1;
      }
      return { x: floatsOf(pixels, preprocess), y };
    });
  }

  /**
   * The images of calls, one after the other: bytes `[batch, FEATURES]`.
   *
   * @param {import('../workloads.mjs').Inference} task
   */
  images({ batchSize }) {
    const length = batchSize * FEATURES;
    const { samples } = this;
    return Array.from({ length: batchSize === 1 ? SINGLE_IMAGES : 1 }, (_, call) =>
      samples.slice(call * length, (call + 1) * length),
    );
  }

  /**
   * The same as floats.
   *
   * @param {import('../workloads.mjs').Inference} task
   */
  calls(task) {
    return this.images(task).map((pixels) => floatsOf(pixels, 'scale'));
  }

  /** @param {string} name */
  #read(name) {
    return new Uint8Array(readFileSync(join(this.folder, name)));
  }
}

/**
 * @param {Uint8Array} pixels
 * @param {'binarize' | 'scale'} preprocess
 */
function floatsOf(pixels, preprocess) {
  return Float32Array.from(pixels, (byte) =>
    preprocess === 'scale' ? byte / 255 : Number(byte > 0),
  );
}

/**
 * What a training answers to `open`: losses after the first and after the last of some steps.
 *
 * @param {import('../workloads.mjs').Training} task
 * @param {(steps: number) => number} run runs steps; the mean loss of the last one's batch
 */
export function checkTraining({ checkSteps }, run) {
  return [run(1), run(checkSteps - 1)];
}

/**
 * What a product answers to `open`: some of its elements.
 *
 * @param {ArrayLike<number>} product
 */
export function checkProduct(product) {
  return Array.from({ length: 5 }, (_, i) => {
    const at = Math.floor((i * (product.length - 1)) / 4);
    return /** @type {number} */ (product[at]);
  });
}
