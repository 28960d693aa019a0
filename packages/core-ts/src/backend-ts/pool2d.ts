import type { Memory } from '../program/memory.js';
import type {
  AveragePool2d,
  AveragePool2dGrad,
  MaxPool2d,
  MaxPool2dGrad,
  Window,
} from '../program/ops.js';
import { always, type BoundOp } from './bound-op.js';
import { visitWindow, visitWindows } from './windows.js';

const { fround } = Math;

/** The values of one channel's windows, in images of `[height, width, channels]`. */
interface Place {
  readonly y: number;
  readonly x: number;
  /** Of the channel in the first pixel of the window's image. */
  readonly from: number;
  /** Of the channel in the window's result. */
  readonly to: number;
}

function visitChannels(window: Window, rows: number, visit: (place: Place) => void): void {
  const { height, width, channels } = window;
  visitWindows(window, rows, (row, y, x, at) => {
    for (let c = 0; c < channels; c += 1) {
      visit({ y, x, from: row * height * width * channels + c, to: at * channels + c });
    }
  });
}

/** Where the greatest value of a window stands in `input`. */
function winner(window: Window, { y, x, from }: Place, input: Float32Array): number {
  let best = -1;
  visitWindow(window, y, x, (pixel) => {
    const at = from + pixel * window.channels;
    if (best < 0 || input[at]! > input[best]!) best = at;
  });
  return best;
}

/** See `MaxPool2d` in ops.ts. */
export function bindMaxPool2d(op: MaxPool2d, memory: Memory): BoundOp {
  const input = memory.f32(op.input);
  const output = memory.f32(op.output);
  return always(({ rows }) => {
    visitChannels(op, rows, (place) => {
      output[place.to] = input[winner(op, place, input)]!;
    });
  });
}

/** See `MaxPool2dGrad` in ops.ts. */
export function bindMaxPool2dGrad(op: MaxPool2dGrad, memory: Memory): BoundOp {
  const input = memory.f32(op.input);
  const dOutput = memory.f32(op.dOutput);
  const dInput = memory.f32(op.dInput);
  return always(({ rows }) => {
    dInput.fill(0, 0, rows * op.height * op.width * op.channels);
    visitChannels(op, rows, (place) => {
      const at = winner(op, place, input);
      dInput[at] = fround(dInput[at]! + dOutput[place.to]!);
    });
  });
}

/** See `AveragePool2d` in ops.ts. */
export function bindAveragePool2d(op: AveragePool2d, memory: Memory): BoundOp {
  const input = memory.f32(op.input);
  const output = memory.f32(op.output);
  return always(({ rows }) => {
    visitChannels(op, rows, ({ y, x, from, to }) => {
      let sum = 0;
      visitWindow(op, y, x, (pixel) => {
        sum = fround(sum + input[from + pixel * op.channels]!);
      });
      output[to] = sum / fround(countInside(op, y, x));
    });
  });
}

/** See `AveragePool2dGrad` in ops.ts. */
export function bindAveragePool2dGrad(op: AveragePool2dGrad, memory: Memory): BoundOp {
  const dOutput = memory.f32(op.dOutput);
  const dInput = memory.f32(op.dInput);
  return always(({ rows }) => {
    dInput.fill(0, 0, rows * op.height * op.width * op.channels);
    visitChannels(op, rows, ({ y, x, from, to }) => {
      const share = fround(dOutput[to]! / fround(countInside(op, y, x)));
      visitWindow(op, y, x, (pixel) => {
        const at = from + pixel * op.channels;
        dInput[at] = fround(dInput[at]! + share);
      });
    });
  });
}

function countInside(window: Window, y: number, x: number): number {
  let count = 0;
  visitWindow(window, y, x, () => {
    count += 1;
  });
  return count;
}
