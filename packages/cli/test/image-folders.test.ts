import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pngBytes } from './pictures.js';
import { eventsIn, runCli, startCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

/** A folder with class folders: images of several sizes, dark and light. */
function picturesFolder(): string {
  const folder = temporaryFolder();
  for (const [name, first] of [
    ['dark', 0],
    ['light', 200],
  ] as const) {
    for (let index = 0; index < 10; index += 1) {
      const bytes = pngBytes(8 + index, 9, (x, y) => first + ((x * y + index) % 40));
      writeFiles(folder, { [join('pictures', name, `${index}.png`)]: bytes });
    }
  }
  return folder;
}

const TRAIN = 'train --data pictures --split 0.6,0.2,0.2 --epochs 2 --backend ts'.split(' ');
const SIZED = ['--image-size', '6x4'];

test('--image-size is kept in the receipt, so that eval, predict and verify need not be told', async () => {
  const folder = picturesFolder();
  const trained = await runCli([...TRAIN, ...SIZED, '--json'], { folder });
  expect(trained.exitCode).toBe(0);
  expect(trained.stderr).toMatch(/^note: layers 24,32,2, because pictures has 24 features/m);
  for (const line of [
    'eval model.safetensors --data pictures',
    'verify model.safetensors --data pictures',
    'predict model.safetensors pictures/light/3.png',
  ]) {
    const result = await runCli([...line.split(' '), '--backend', 'ts'], { folder });
    expect(result, line).toMatchObject({ exitCode: 0 });
  }
  const described = await runCli(['data', 'pictures', ...SIZED, '--json'], { folder });
  expect(eventsIn(described)[0]).toMatchObject({ image: { height: 6, width: 4 }, features: 24 });
});

test('a resumed training keeps the size', async () => {
  const folder = picturesFolder();
  const args = [...TRAIN, ...SIZED, '--checkpoint', 'run.checkpoint', '--json'];
  const end = eventsIn(await runCli(args, { folder })).at(-1)!;
  const resume = ['train', '--resume', 'run.checkpoint', '--data', 'pictures', '--json'];
  const resumed = eventsIn(await runCli(resume, { folder })).at(-1)!;
  expect(resumed.weightsSha256).toBe(end.weightsSha256);
  const other = await runCli([...resume, '--image-size', '8'], { folder });
  expect(other.exitCode).toBe(2);
  expect(other.stderr).toMatch(
    /^error: --image-size: expected 6x4, which the images were trained with, received 8x8$/m,
  );
});

test('--image-size is refused where there are no image files', async () => {
  const result = await runCli(['train', '--image-size', '14']);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.stderr).toMatch(
    /^error: --image-size: expected none, because mnist holds no image files to resize$/m,
  );
});

/** Lets sharp be missing, as it is where nobody installed it. */
const WITHOUT_SHARP = `export function resolve(name, context, next) {
  if (name !== 'sharp') return next(name, context);
  throw Object.assign(new Error('no sharp'), { code: 'ERR_MODULE_NOT_FOUND' });
}`;

test('without sharp, plain PNG images are read, and others say what to install', async () => {
  const moduleUrl = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(moduleUrl(WITHOUT_SHARP))});`;
  const environment = { NODE_OPTIONS: `--import "${moduleUrl(register)}"` };
  const folder = picturesFolder();
  const plain = await startCli(['data', 'pictures', '--json'], { folder, environment });
  expect(eventsIn(plain)[0]).toMatchObject({ event: 'dataset', train: 20 });
  writeFiles(folder, { 'pictures/dark/photo.jpg': Uint8Array.of(0xff, 0xd8, 0xff, 0xe0) });
  const { exitCode, stderr } = await startCli(['data', 'pictures'], { folder, environment });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/photo\.jpg: expected the npm package sharp, which decodes JPEG images;/);
  expect(stderr).toContain('npm install sharp@0.35');
});

test('files that are no images are named a line each, and --skip-bad leaves them out', async () => {
  const folder = picturesFolder();
  writeFiles(folder, {
    [join('pictures', 'dark', 'broken.png')]: 'no image',
    [join('pictures', 'light', 'photo.heic')]: 'no image',
  });
  const refused = await runCli('data pictures'.split(' '), { folder });
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /^error: expected 22 images that decode, received 2 that do not\n {2}\S+broken\.png: .*\n {2}\S+photo\.heic: .* a HEIC image\n.*--skip-bad/,
  );
  const skipped = await runCli('data pictures --skip-bad --json'.split(' '), { folder });
  expect(eventsIn(skipped)[0]).toMatchObject({ event: 'dataset', train: 20 });
  expect(skipped.stderr).toMatch(/^note: 2 images are left out, as they do not decode:\n {2}/);
});
