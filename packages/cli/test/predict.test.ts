import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pngBytes } from './pictures.js';
import { eventsIn, runCli } from './run-cli.js';
import { SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

test('a dark stroke on bright paper is a 1, whatever its size', async () => {
  const folder = temporaryFolder();
  const train = 'train --recipe seed --subset 2000 --epochs 3 --backend ts'.split(' ');
  await runCli(train, { folder });
  const stroke = pngBytes(90, 60, (x, y) => (x > 42 && x < 48 && y > 10 && y < 50 ? 20 : 235));
  writeFiles(folder, { 'one.png': stroke, 'text.png': 'no image' });
  const words = ['predict', 'model.safetensors', 'one.png', '--backend', 'ts'];
  const { stdout } = await runCli(words, { folder });
  expect(stdout).toMatch(/^one\.png: 1 \(\d+\.\d\d %\)\n {2}1 +\d+\.\d\d % {2}━+\n/);
  const several = await runCli([...words, 'text.png', '--json'], { folder });
  expect(several.exitCode).toBe(1);
  expect(several.stderr).toMatch(
    /^error: text\.png: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image/,
  );
  const [prediction, ...more] = eventsIn(several);
  expect(more).toEqual([]);
  expect(Object.keys(prediction!)).toEqual(['event', 'file', 'label', 'probabilities']);
  expect(prediction).toMatchObject({ event: 'prediction', file: 'one.png', label: 1 });
  expect(prediction!.probabilities).toHaveLength(10);
});

test('other images are resized, and called by the names of their folders', async () => {
  const folder = temporaryFolder();
  for (const [name, first] of [
    ['dark', 0],
    ['light', 200],
  ] as const) {
    for (let index = 0; index < 6; index += 1) {
      const bytes = pngBytes(8 + index, 8, (x, y) => first + ((x * y + index) % 40));
      writeFiles(folder, { [join('pictures', name, `${index}.png`)]: bytes });
    }
  }
  const train =
    'train --data pictures --preprocess scale --augment none --lr 0.05 --epochs 9 --backend ts';
  await runCli(train.split(' '), { folder });
  const image = join('pictures', 'light', '3.png');
  const predict = (...images: string[]) =>
    runCli(['predict', 'model.safetensors', ...images, '--backend', 'ts', '--json'], { folder });
  const [prediction] = eventsIn(await predict(image));
  expect(prediction).toMatchObject({ label: 1, className: 'light' });

  for (const name of ['dark', 'light']) {
    writeFiles(folder, { [join('pictures', name, '.hidden.png')]: 'no image' });
  }
  const names = (kind: string) =>
    [0, 1, 2, 3, 4, 5].map((at) => join('pictures', kind, `${at}.png`));
  const predictedFiles = async (...images: string[]) =>
    eventsIn(await predict(...images)).map(({ file }) => file);
  expect(await predictedFiles(join('pictures', 'dark'))).toEqual(names('dark'));
  // Not expanded by a shell, as on Windows.
  expect(await predictedFiles(join('pictures', 'light', '*.png'))).toEqual(names('light'));
  const none = await predict(join('pictures', '*.jpg'));
  expect(none.stderr).toContain(`${join('pictures', '*.jpg')}: expected at least one file called`);
  writeFiles(folder, { 'empty/notes.txt': 'no image' });
  expect((await predict('empty')).stderr).toContain(
    'empty: expected PNG, JPEG, WebP, GIF, TIFF or AVIF images',
  );
});

test('a preparation that does not fit is refused', async () => {
  const folder = temporaryFolder();
  writeShapes(folder);
  await runCli(['train', ...SHAPES], { folder });
  const words = 'predict model.safetensors one.png --prepare'.split(' ');
  const digit = await runCli([...words, 'digit'], { folder });
  expect(digit.stderr).toContain('--prepare: expected resize, because digits are 28×28 and the im');
  const other = await runCli([...words, 'magic'], { folder });
  expect(other.stderr).toContain('--prepare: expected digit or resize, received "magic"');
  expect([digit.exitCode, other.exitCode]).toEqual([2, 2]);
});
