import { BitgradError } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { checkMemory } from '../src/memory.js';
import { startCli } from './run-cli.js';
import { namesIn, temporaryFolder, writeFiles } from './temporary.js';

const IRIS = `a,b,c,d,e\n${'1,2,3,4,x\n2,3,4,5,y\n3,4,5,6,z\n'.repeat(9)}`;

/** Each needs more than 4 GiB to work on, from twice to four thousand times. */
const LAYERS = [
  '4,1048576,1048576,3',
  '4,1048576,1024,3',
  '4,40000,40000,3',
  '4,1024,1048576,1024,3',
];

test.each(LAYERS)('layers %s are refused before a weight is drawn', async (layers) => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'iris.csv': IRIS });
  const line = `train --data iris.csv --backend ts --layers ${layers}`;
  let isLate = false;
  const { exitCode, stderr, stdout } = await startCli(line.split(' '), {
    folder,
    onStart: async (child) => {
      // Drawing as many weights takes minutes.
      setTimeout(() => {
        isLate = child.kill('SIGKILL');
      }, 30_000).unref();
    },
  });
  expect(isLate).toBe(false);
  expect(stderr).toMatch(/^error: memory: expected a training that works on at most 4294967232 /m);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(namesIn(folder)).toEqual(['iris.csv']);
});

test('what is more than the machine has is refused, with what it is', () => {
  expect(() => checkMemory({ samples: 0, arena: 1e9, total: 3e9 }, 2e9)).toThrow(BitgradError);
  expect(() => checkMemory({ samples: 0, arena: 1e9, total: 3e9 }, 2e9)).toThrow(
    'memory: expected a training that takes at most 2.0 GB, which this machine has, received one that takes 3.0 GB',
  );
  expect(() => checkMemory({ samples: 0, arena: 1e3, total: 3e3 }, 2e9)).not.toThrow();
});
