import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetSha256 } from '@bitgrad/core';
import { expect, onTestFinished, test } from 'vitest';
import { readBytes, readPieces } from '../src/files.js';
import { loadDataset } from '../src/index.js';
import { temporaryFolder } from './temporary.js';
import { imageBytes, npyBytes } from './writers.js';

const isUnix = process.platform !== 'win32';
const SECRET = 'a line that nobody is to see';
/** The smallest image that shows anything. */
const image = await imageBytes('png', 2, 2, [0, 50, 100, 150]);

const ROWS = 'a,b,c\n1,2,x\n3,4,y\n5,6,x\n';

/** Folders of every kind whose last file is still to be made, and that file's place. */
function foldersLacking(): readonly (readonly [folder: string, place: string])[] {
  const root = temporaryFolder();
  const place = (...names: string[]): string => join(root, ...names);
  for (const name of [
    'images/cat',
    'images/dog',
    'tables',
    'arrays',
    'parquet',
    'idx',
    'outside',
  ]) {
    mkdirSync(place(name), { recursive: true });
  }
  writeFileSync(place('images', 'cat', '1.png'), image);
  writeFileSync(place('tables', 'train.csv'), ROWS);
  writeFileSync(place('arrays', 'x_train.npy'), npyBytes('<f4', [3, 1], new Uint8Array(12)));
  writeFileSync(place('outside', 'secret'), `${SECRET}\n`);
  return [
    [place('images'), place('images', 'dog', '1.png')],
    [place('tables'), place('tables', 'test.csv')],
    [place('arrays'), place('arrays', 'y_train.npy')],
    [place('parquet'), place('parquet', 'train.parquet')],
    [place('idx'), place('idx', 'train-images-idx3-ubyte')],
  ];
}

const INTRUDERS: readonly (readonly [
  what: string,
  make: (path: string, folder: string) => unknown,
  received: RegExp,
])[] = [
  [
    'a named pipe',
    (path) => execFileSync('mkfifo', [path]),
    /expected a regular file, received a named pipe$/,
  ],
  [
    'a socket',
    (path) => {
      const server = createServer().listen(path);
      onTestFinished(() => {
        server.close();
      });
      return new Promise((resolve) => server.on('listening', resolve));
    },
    /expected a regular file, received a socket$/,
  ],
  [
    'an endless device',
    (path) => symlinkSync('/dev/zero', path),
    /received a link that leads out of it$/,
  ],
  [
    'a link to a file elsewhere',
    (path, folder) => symlinkSync(join(folder, '..', 'outside', 'secret'), path),
    /received a link that leads out of it$/,
  ],
];

test.runIf(isUnix).each(INTRUDERS)(
  '%s in a folder of data is refused',
  async (_, make, received) => {
    for (const [folder, path] of foldersLacking()) {
      if (path.length > 100 && received.source.includes('socket')) continue;
      await make(path, folder);
      const error = await loadDataset(folder).catch((thrown: unknown) => thrown as Error);
      expect(error).toMatchObject({ name: 'BitgradError' });
      expect((error as Error).message).toMatch(received);
      expect((error as Error).message).toContain(path);
      expect((error as Error).message).not.toContain(SECRET);
    }
  },
);

test.runIf(isUnix)(
  'a folder of images that leads elsewhere is refused, one inside is read',
  async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'pets', 'cat'), { recursive: true });
    mkdirSync(join(folder, 'private'));
    for (const name of ['pets/cat/1.png', 'private/1.png']) {
      writeFileSync(join(folder, name), image);
    }
    symlinkSync('cat', join(folder, 'pets', 'dog'));
    symlinkSync('1.png', join(folder, 'pets', 'cat', '2.png'));
    expect(await loadDataset(join(folder, 'pets'))).toMatchObject({ trainCount: 4, classes: 2 });
    symlinkSync('../private', join(folder, 'pets', 'owl'));
    await expect(loadDataset(join(folder, 'pets'))).rejects.toThrow('a link that leads out of it');
  },
);

test('a file that grows while it is read is refused', async () => {
  const file = join(temporaryFolder(), 'log.csv');
  writeFileSync(file, ROWS);
  const read = async (): Promise<void> => {
    for await (const _ of readPieces(file)) appendFileSync(file, ROWS);
  };
  await expect(read()).rejects.toThrow('received more: it grows while it is read');
});

test('a file is never larger than it may be', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'abc');
  expect(await readBytes(file, 3)).toEqual(Buffer.from('abc'));
  await expect(readBytes(file, 2)).rejects.toThrow('expected at most 2 bytes, received 3');
});

test.runIf(isUnix)(
  'a pipe that somebody names is read to its end, and leaves nothing',
  async () => {
    const folder = temporaryFolder();
    const [file, pipe] = [join(folder, 'rows.csv'), join(folder, 'pipe.csv')];
    writeFileSync(file, ROWS);
    execFileSync('mkfifo', [pipe]);
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('bitgrad-'));
    const writer = spawn('cp', [file, pipe]);
    const [piped, read] = [await loadDataset(pipe), await loadDataset(file)];
    expect(await datasetSha256(piped)).toBe(await datasetSha256(read));
    expect(piped.name).toBe('pipe');
    createWriteStream(pipe).end('a,b\n1,"\n');
    await expect(loadDataset(pipe)).rejects.toThrow(`${pipe}: line 2: `);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('bitgrad-'));
    expect(after.filter((name) => !before.includes(name) && /-.{8}-/.test(name))).toEqual([]);
    writer.kill();
  },
);

test.runIf(existsSync('/dev/zero'))('a device is no data set', async () => {
  await expect(loadDataset('/dev/zero')).rejects.toThrow('neither a file nor a folder');
});
