import type { Backend, Program, Session } from '@bitgrad/core';
import { expectSameMemory, view } from './compare.js';

/**
 * Several backends as one, whose every run each of them does from the same memory, and which fails
 * unless all leave the same bytes, or refuse the same programs. So what is checked of the first is
 * checked of all, while what it is compared with is worked out once. It has the first one's kernels,
 * and no `runAsync`.
 */
export function unanimous(...backends: readonly Backend[]): Backend {
  const [first, ...others] = backends;
  if (first === undefined) throw new Error('expected backends, received none');
  const { name, isa, threads, kernels } = first;
  return { name, isa, threads, kernels, open: (program) => openAll(first, others, program) };
}

function openAll(first: Backend, others: readonly Backend[], program: Program): Session {
  const leader = openFirst(first, others, program);
  const bytes = arenaOf(leader, program);
  const samples = samplesOf(leader, program);
  const followers = others.map((backend) => {
    const session = backend.open(program);
    const samples = samplesOf(session, program);
    return { backend, session, bytes: arenaOf(session, program), samples };
  });
  const share = (): void => {
    for (const follower of followers) {
      follower.bytes.set(bytes);
      follower.samples.set(samples);
    }
  };
  return {
    memory: leader.memory,
    run(entry, steps) {
      share();
      leader.run(entry, steps);
      for (const { backend, session, bytes: received } of followers) {
        session.run(entry, steps);
        if (Buffer.compare(received, bytes) === 0) continue;
        const where = `${backend.isa}, ${backend.threads} threads beside ${first.threads}`;
        expectSameMemory(program, session.memory, leader.memory, where);
      }
    },
    freezeSamples() {
      share();
      for (const session of [leader, ...followers.map(({ session }) => session)]) {
        session.freezeSamples?.();
      }
    },
    close() {
      leader.close();
      for (const { session } of followers) session.close();
    },
  };
}

/** A session of the first, where it does not refuse the program: then all the others must as well. */
function openFirst(first: Backend, others: readonly Backend[], program: Program): Session {
  try {
    return first.open(program);
  } catch (error) {
    for (const backend of others) expectRefusal(backend, program);
    throw error;
  }
}

function expectRefusal(backend: Backend, program: Program): void {
  let session: Session;
  try {
    session = backend.open(program);
  } catch {
    return;
  }
  session.close();
  throw new Error(`${backend.isa}, ${backend.threads} threads: expected the program to be refused`);
}

/** A session's arena, with what lies between its slices. */
function arenaOf({ memory }: Session, program: Program): Uint8Array {
  const control = program.slices.find(({ name }) => name === 'control')!;
  const { buffer, byteOffset } = memory.u32('control');
  return new Uint8Array(buffer, byteOffset - control.offset, program.bytes);
}

/** What a session gathers from, likewise. */
function samplesOf({ memory }: Session, program: Program): Uint8Array {
  const { slices: [slice] = [], bytes = 0 } = program.samples ?? {};
  if (slice === undefined) return new Uint8Array();
  const { buffer, byteOffset } = view(memory, slice);
  return new Uint8Array(buffer, byteOffset - slice.offset, bytes);
}
