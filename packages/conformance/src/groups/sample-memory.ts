import { type Backend, beginPass, type SampleMemory, type Session } from '@bitgrad/core';
import { check, expectRefusal, type GroupCase } from '../case.js';
import { expectSameMemory } from '../compare.js';
import { compileCase, fillNetwork, type NetworkCase, SAMPLE_COUNT } from './networks.js';

/** Samples that sessions share, for backends that have them. */
export function sampleMemoryCases(network: NetworkCase): GroupCase[] {
  const program = compileCase(network, 'sgd');
  const steps = Math.ceil(SAMPLE_COUNT / network.batchSize);

  /** A session of its own is the measure for those that share. */
  const withShared = (
    backend: Backend,
    use: (samples: SampleMemory, open: () => Session, alone: Session) => void,
  ): void => {
    const samples = backend.openSamples?.(program);
    if (samples === undefined) return;
    const sessions: Session[] = [];
    const open = (shared?: SampleMemory): Session => {
      const session = backend.open(program, shared);
      sessions.push(session);
      return session;
    };
    try {
      const alone = open();
      fillNetwork(network, alone.memory);
      use(samples, () => open(samples), alone);
    } finally {
      for (const session of sessions) session.close();
      samples.close();
    }
  };

  const shared = (backend: Backend): void =>
    withShared(backend, (samples, open, alone) => {
      const all = [alone, open(), open()];
      check(all[1]!.samples === samples, 'expected a session to say which samples it shares');
      fillNetwork(network, all[1]!.memory);
      // The second finds the samples there, and brings the rest; it has no copy of its own.
      const kept = samples.memory.u8('samples').slice();
      fillNetwork(network, all[2]!.memory);
      check(
        all[2]!.memory.u8('samples').buffer === samples.memory.u8('samples').buffer,
        'expected samples that are not copied',
      );
      for (const session of all) {
        session.freezeSamples?.();
        beginPass(session.memory, SAMPLE_COUNT);
      }
      samples.close();
      // In turn, so that what one keeps would show in the other.
      for (let step = 0; step < steps; step += 1) for (const one of all) one.run('train', 1);
      for (const session of all.slice(1)) {
        expectSameMemory(program, session.memory, alone.memory, 'sharing samples', ({ name }) =>
          /^(control|losses|predicted|samples|labels|layers\.\d\.(weight|bias))$/.test(name),
        );
      }
      check(
        kept.every((value, at) => value === samples.memory.u8('samples')[at]),
        'expected samples that nobody has written',
      );
    });

  const refused = (backend: Backend): void =>
    withShared(backend, (samples) => {
      const other = compileCase(network, 'sgd', SAMPLE_COUNT + 1);
      expectRefusal(() => backend.open(other, samples), 'samples of another program');
      const { samples: _, ...without } = program;
      expectRefusal(() => backend.openSamples!(without), 'a program without samples apart');
      const [first, ...rest] = program.samples!.slices;
      const spoilt = [
        { ...program.samples!, bytes: 2 ** 40 },
        { ...program.samples!, bytes: -1 },
        { ...program.samples!, slices: [{ ...first!, offset: 32 }, ...rest] },
        { ...program.samples!, slices: [{ ...first!, name: 'order' }, ...rest] },
        null,
      ];
      for (const layout of spoilt) {
        const invalid = { ...program, samples: layout as typeof program.samples };
        expectRefusal(() => backend.open(invalid as typeof program), 'samples that lie nowhere');
      }
    });

  return [
    { name: 'sessions that share samples, which outlive their closing', run: shared },
    { name: 'samples that are not for a program are refused', run: refused },
  ];
}
