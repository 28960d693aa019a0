// A backend whose programs have room between the parts of their arenas, in which nothing may happen.

import { ELEMENT_BYTES } from '../../packages/core-ts/dist/program/program.js';
import { validateProgram } from '../../packages/core-ts/dist/program/validate.js';

/** Bytes put between two parts: as far as the widest vector goes beyond its end. */
const ROOM = 128;
const CANARY = 0xa5;

/** @typedef {{ from: number, length: number }} Gap in bytes of the arena */

/**
 * @param {import('@bitgrad/core').Backend} backend
 * @param {(arena: Uint8Array, gaps: Gap[]) => (() => void)} guard makes gaps watched, and gives what is called after each run
 * @returns {import('@bitgrad/core').Backend}
 */
export function guarded(backend, guard) {
  return {
    ...backend,
    open(program, samples) {
      if (!isValid(program)) return backend.open(program, samples);
      const { widened, gaps } = widen(program);
      const session = backend.open(widened, samples);
      const { buffer, byteOffset } = session.memory.u32('control');
      const { offset } = widened.slices.find(({ name }) => name === 'control');
      const look = guard(new Uint8Array(buffer, byteOffset - offset, widened.bytes), gaps);
      return {
        ...session,
        run(entry, steps) {
          session.run(entry, steps);
          look();
        },
        ...(session.runAsync && {
          async runAsync(entry, steps, signal) {
            await session.runAsync(entry, steps, signal);
            look();
          },
        }),
      };
    },
  };
}

/** What has no sanitizer: bytes that must still be there after a run. */
export function canaries(arena, gaps) {
  for (const { from, length } of gaps) arena.fill(CANARY, from, from + length);
  return () => {
    for (const { from, length } of gaps) {
      const at = arena.subarray(from, from + length).findIndex((byte) => byte !== CANARY);
      if (at >= 0) throw new Error(`canary: byte ${from + at} of the arena was written`);
    }
  };
}

function isValid(program) {
  try {
    validateProgram(program);
    return true;
  } catch {
    return false;
  }
}

/** The same program with its slices apart. Slices that share bytes go on sharing them. */
function widen(program) {
  const end = ({ offset, length, type }) => offset + length * ELEMENT_BYTES[type];
  const slices = [...program.slices].sort((a, b) => a.offset - b.offset);
  const moved = new Map();
  const gaps = [];
  let [shift, reached, isFirst] = [0, 0, true];
  for (const slice of slices) {
    if (!isFirst && slice.offset >= reached) {
      const from = reached + shift;
      shift += ROOM;
      gaps.push({ from, length: slice.offset + shift - from });
    }
    isFirst = false;
    reached = Math.max(reached, end(slice));
    moved.set(slice.name, { ...slice, offset: slice.offset + shift });
  }
  const bytes = program.bytes + shift + ROOM;
  gaps.push({ from: reached + shift, length: bytes - reached - shift });
  const widened = { ...program, bytes, slices: program.slices.map(({ name }) => moved.get(name)) };
  return { widened, gaps };
}
