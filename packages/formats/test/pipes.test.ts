import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BitgradError } from '@bitgrad/core';
import { describe, expect, test, vi } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { withSpooled } from '../src/spool.js';
import { errorOf } from './temporary.js';
import { temporaryTree } from './writers.js';

const CSV = 'x,k\n1,a\n2,b\n';

describe('what comes out of a pipe', () => {
  test('is read as a file is', async () => {
    const stdin = vi.spyOn(process, 'stdin', 'get');
    try {
      stdin.mockReturnValue(Readable.from([Buffer.from(CSV)]) as never);
      expect(await loadDataset('-')).toMatchObject({ name: 'stdin', trainCount: 2 });
      const latin1 = Buffer.from('x,k\n1,é\n2,b\n', 'latin1');
      stdin.mockReturnValue(Readable.from([latin1]) as never);
      expect((await loadDataset('-')).notes).toContain(
        'stdin is read as Latin-1 (windows-1252): its bytes are no UTF-8',
      );
      stdin.mockReturnValue(Readable.from([Buffer.from('x,k\n1,a\n2\n')]) as never);
      expect((await errorOf(() => loadDataset('-'))).message).toBe(
        '-: line 3: expected 2 cells as in the first row, received 1',
      );
    } finally {
      stdin.mockRestore();
    }
  });

  test.runIf(process.platform !== 'win32')('with a name has that', async () => {
    const pipe = join(temporaryTree({}), 'flowers.csv');
    execFileSync('mkfifo', [pipe]);
    createWriteStream(pipe).end(CSV);
    expect(await loadDataset(pipe)).toMatchObject({ name: 'flowers', trainCount: 2 });
  });

  test('and breaks is told, as is what reads it', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      throw Object.assign(new Error('gone'), { code: 'EIO' });
    }
    expect((await errorOf(() => withSpooled('pipe', async () => 1, broken()))).message).toBe(
      'pipe: cannot be read (EIO)',
    );
    const pieces = () => Readable.from([Buffer.from('a')]);
    const failing = withSpooled(
      'pipe',
      async (file) => {
        throw new BitgradError(`${file}: line 1, ${file}`, 'mend it');
      },
      pieces(),
    );
    expect(await errorOf(() => failing)).toMatchObject({
      message: 'pipe: line 1, pipe',
      fix: 'mend it',
    });
    const stop = new TypeError('stop');
    await expect(withSpooled('pipe', () => Promise.reject(stop), pieces())).rejects.toBe(stop);
    const other = new BitgradError('elsewhere');
    await expect(withSpooled('pipe', () => Promise.reject(other), pieces())).rejects.toBe(other);
  });
});
