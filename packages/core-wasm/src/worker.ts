// The program of a worker: it waits for messages, and takes part in runs as one member of a team.
// `scripts/build.mjs` makes one text of ballast.ts, meeting.ts and this file, with nothing imported,
// because that is what every engine can start a worker from.

import { countFreed } from './ballast.js';
import { fail, JOINED, meeting } from './meeting.js';

/** What a worker is told. It answers the first message, and what it does to shared memory else. */
export type Message =
  | { readonly kind: 'begin'; readonly cells: Int32Array; readonly kernels: WebAssembly.Module }
  | {
      readonly kind: 'open';
      readonly session: number;
      readonly memory: WebAssembly.Memory;
      /** Where the stack of the worker's instance begins; it grows downwards. */
      readonly stack: number;
    }
  | ({ readonly kind: 'run'; readonly session: number; readonly member: number } & Run)
  | { readonly kind: 'close'; readonly session: number };

/** Steps of a plan that `members` run together. */
export interface Run {
  readonly plan: number;
  readonly steps: number;
  /** The address of the slice `control`. */
  readonly control: number;
  readonly members: number;
}

interface Session {
  readonly bytes: number;
  readonly exports: Exports;
}

interface Exports {
  readonly __stack_pointer: WebAssembly.Global;
  run(plan: number, steps: number, control: number, members: number, member: number): number;
}

/** Where messages come from: the text's first line, which is the host's, declares it. */
declare const port: {
  onmessage: (event: { readonly data: Message }) => void;
  onmessageerror: () => void;
  postMessage(message: string): void;
};

/** Read from memory, so that no compiler computes their product beforehand. */
const factors = Float32Array.of(1e-30, 1e-10);
const sessions = new Map<number, Session>();
let cells: Int32Array;
let kernels: WebAssembly.Module;

port.onmessage = ({ data }) => {
  try {
    take(data);
  } catch (error) {
    fail(cells, String(error));
  }
};
port.onmessageerror = () => fail(cells, 'a worker could not read a message');

function take(message: Message): void {
  switch (message.kind) {
    case 'begin':
      ({ cells, kernels } = message);
      port.postMessage('ready');
      return;
    case 'open':
      open(message.session, message.memory, message.stack);
      return;
    case 'run':
      join(message.session, message, message.member);
      return;
    case 'close':
      countFreed(sessions.get(message.session)!.bytes);
      sessions.delete(message.session);
  }
}

/** Makes another instance on a session's memory, to which it writes the same constants again. */
function open(session: number, memory: WebAssembly.Memory, stack: number): void {
  const imports = { env: { memory, meet: meeting(cells) } };
  const exports = new WebAssembly.Instance(kernels, imports).exports as unknown as Exports;
  exports.__stack_pointer.value = stack;
  sessions.set(session, { bytes: memory.buffer.byteLength, exports });
}

function join(session: number, { plan, steps, control, members }: Run, member: number): void {
  // As in `assertGradualUnderflow`, which checks the caller's thread.
  if (Math.fround(factors[0]! * factors[1]!) === 0) {
    throw new Error('subnormal numbers become 0 in a worker');
  }
  const { exports } = sessions.get(session)!;
  Atomics.add(cells, JOINED, 1);
  Atomics.notify(cells, JOINED);
  exports.run(plan, steps, control, members, member);
}
