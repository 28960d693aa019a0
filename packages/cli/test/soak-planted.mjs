// As soak/core-process.js, on a backend that flips a bit of what an op wrote: on the core that BITGRAD_PLANT
// names, in steps of the op that it names, as in `1:activation`.
import { suite } from '@bitgrad/conformance';
import { typescriptBackend } from '@bitgrad/core';
import { runRounds } from '../dist/soak/rounds.js';

const [core] = process.argv.slice(2);
const [badCore, badOp] = (process.env.BITGRAD_PLANT ?? '').split(':');
const sound = typescriptBackend();

/** @type {import('@bitgrad/core').Backend} */
const flipping = {
  ...sound,
  open(program) {
    const session = sound.open(program);
    return {
      ...session,
      run(entry, steps) {
        session.run(entry, steps);
        const op = program.entries[entry]?.ops.find((one) => one.op === badOp);
        if (op === undefined) return;
        const { buffer, byteOffset } = session.memory.f32(/** @type {any} */ (op).output);
        new Uint8Array(buffer)[byteOffset] ^= 1;
      },
    };
  },
};

process.on('disconnect', () => process.exit());
const cases = suite().filter(({ group }) => group === 'ops');
await runRounds([core === badCore ? flipping : sound], cases, 0, (told) => process.send?.(told));
