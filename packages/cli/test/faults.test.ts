import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { check, conditions, runUnder } from '../../../tools/faults/conditions.mjs';
import {
  compile,
  everyFault,
  prepare,
  resumesAfterEveryFault,
  TRAIN,
} from '../../../tools/faults/faults.mjs';
import { killScenario } from '../../../tools/faults/kills.mjs';
import { changeMidway } from '../../../tools/faults/midway.mjs';
import { Random } from '../../../tools/fuzz/random.mjs';

/** The library that makes calls fail is written in C, for Linux. */
const isLacking = process.platform !== 'linux' || missing('native');

/** All calls of all commands are a command of their own: node tools/faults/faults.mjs. */
test.skipIf(isLacking)('whatever call of a save fails, nothing is torn or lost', () => {
  const library = compile();
  try {
    for (const call of ['write', 'fsync', 'rename'] as const) {
      expect(everyFault('export', call, library).faults).toBeGreaterThan(0);
    }
  } finally {
    rmSync(dirname(library), { recursive: true });
  }
});

test.skipIf(isLacking || missing('long'))('nor of a checkpoint, and it goes on', async () => {
  const library = compile();
  try {
    expect(everyFault('checkpoint', 'write', library).faults).toBeGreaterThan(3);
    expect(await resumesAfterEveryFault('rename', library)).toBeGreaterThan(1);
  } finally {
    rmSync(dirname(library), { recursive: true });
  }
});

/** A thousand kills of all commands are one of their own: node tools/faults/kills.mjs; some are in kill-points.test.ts. */
test.skipIf(isLacking || missing('long'))(
  'wherever a save is killed, the file is whole, and the next clears up',
  async () => {
    const library = compile();
    try {
      const random = new Random(1);
      const { kills, atCalls, ends } = await killScenario('export', 2, random, library, [
        'write',
        'rename',
      ]);
      expect({ kills, atCalls, ends }).toEqual({ kills: 2, atCalls: 2, ends: 2 });
    } finally {
      rmSync(dirname(library), { recursive: true });
    }
  },
);

/** All conditions and all commands are a command of their own: node tools/faults/conditions.mjs. */
test.skipIf(isLacking)('what the system does not give is told in words', async () => {
  const library = compile();
  const { root, folder, digest } = prepare();
  try {
    const all = await conditions(library);
    const run = async (name: string, line: string) => {
      const result = await runUnder(all[name]!, line, folder);
      check(result, `${name}: ${line}`);
      return result;
    };
    const clock = await run('clock', `${TRAIN} --out new`);
    expect(clock.stdout).toContain(digest);
    const native = TRAIN.replace('ts', 'native');
    const { stderr } = await run('threads 1', `${native} --out new`);
    expect(stderr).toMatch(/^error: run: expected a thread beside that of JavaScript, received /m);
    const serve = 'serve model.safetensors --port 0 --backend ts --workers 2 --json';
    expect((await run('threads 1', serve)).stderr).toMatch(/^error: workers: expected 2 threads/m);
    const { stderr: few } = await run('files 1', 'inspect model.safetensors');
    expect(few).toMatch(/^error: files: expected .*, received EMFILE: too many open files/);
  } finally {
    rmSync(dirname(library), { recursive: true });
    rmSync(root, { recursive: true });
  }
});

/** All changes are a command of their own: node tools/faults/midway.mjs. For root, permissions are none. */
test.skipIf(isLacking || process.getuid?.() !== 0)(
  'a folder that may not be written in any more ends a command in words, and it goes on',
  async () => {
    const told: string[] = [];
    const change = 'the folder may not be written in';
    const tell = (line: string) => told.push(line.replace(/\/\S*\//, ''));
    await changeMidway(tell, [change], ['train', 'predict']);
    expect(told).toEqual([
      `${change}: train: error: run.checkpoint: cannot be written (permission denied)`,
      `${change}: predict: error: rows.csv: cannot be written (permission denied)`,
    ]);
  },
);
