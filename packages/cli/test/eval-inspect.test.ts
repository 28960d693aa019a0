import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Event, eventsIn, runCli } from './run-cli.js';
import { SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

/** Trains on the shapes. @returns the folder with `model.safetensors`, and the last event */
async function trainShapes(...more: string[]): Promise<{ folder: string; end: Event }> {
  const folder = temporaryFolder();
  writeShapes(folder);
  const result = await runCli(['train', ...SHAPES, ...more, '--json'], { folder });
  return { folder, end: eventsIn(result).at(-1)! };
}

test.each([
  { more: [] as string[], samples: 12 },
  { more: ['--split', '0.5,0.25,0.25', '--subset', '60'], samples: 15 },
])('eval finds the same test part again ($samples samples)', async ({ more, samples }) => {
  const { folder, end } = await trainShapes(...more);
  const args = 'eval model.safetensors --data shapes --json --backend ts'.split(' ');
  const [start, result] = eventsIn(await runCli(args, { folder }));
  expect(start).toMatchObject({ event: 'start', part: "the training's own test part" });
  expect(Object.keys(result!)).toEqual(
    'event samples accuracy loss confusion metrics baseline'.split(' '),
  );
  expect(result).toMatchObject({ samples, accuracy: end.testAccuracy, loss: end.testLoss });
  const counts: number[] = result!.confusion.flat();
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(samples);
});

test('eval on other data takes their test part, and says so', async () => {
  const { folder } = await trainShapes('--split', '0.5,0.25,0.25');
  cpSync(join(folder, 'shapes'), join(folder, 'other'), { recursive: true });
  const images = join(folder, 'other', 't10k-images-idx3-ubyte');
  writeFileSync(images, readFileSync(images).fill(0, 16));
  const args = 'eval model.safetensors --data other'.split(' ');
  const { stdout, stderr } = await runCli(args, { folder });
  expect(stderr).toContain('other: 12 samples, its own test part, not the data of the training');
  expect(stdout).toMatch(/^accuracy {2}33\.33 % of 12$/m);
  expect(stdout).toMatch(/^label +0 +1 +2$/m);
  expect(stdout).toMatch(/^class +samples +precision +recall$/m);
});

test('eval asks for data that do not come along, and refuses what does not fit', async () => {
  const { folder } = await trainShapes();
  const unnamed = await runCli(['eval', 'model.safetensors'], { folder });
  expect(unnamed).toMatchObject({ exitCode: 2 });
  expect(unnamed.stderr).toContain('--data: expected the data to evaluate on, received none');
  const other = await runCli('eval model.safetensors --data mnist'.split(' '), { folder });
  expect(other).toMatchObject({ exitCode: 1, stdout: '' });
  expect(other.stderr).toContain('error: mnist: does not fit model.safetensors: layers: expected');
});

test('inspect shows the receipt', async () => {
  const { folder, end } = await trainShapes();
  const { stdout } = await runCli(['inspect', 'model.safetensors'], { folder });
  expect(stdout).toContain(`  weightsSha256  ${end.weightsSha256}\n`);
  expect(stdout).toMatch(/^ {2}layers\.1 +3 +3 +15 +12$/m);
  const [model] = eventsIn(await runCli(['inspect', 'model.safetensors', '--json'], { folder }));
  expect(model).toMatchObject({ event: 'model', parameters: 83, receipt: { contract: 1 } });
  expect(model!.receipt.weightsSha256).toBe(end.weightsSha256);
});

test('a damaged model file is one clear error', async () => {
  const { folder } = await trainShapes();
  const bytes = readFileSync(join(folder, 'model.safetensors'));
  const text = bytes.toString('latin1');
  const changed = (from: string, to: string): Buffer => {
    expect(text).toContain(from);
    expect(to).toHaveLength(from.length);
    return Buffer.from(text.replace(from, to), 'latin1');
  };
  const notANumber = Buffer.from(bytes);
  notANumber.writeFloatLE(Number.NaN, bytes.length - 4);
  const otherWeight = Buffer.from(bytes);
  otherWeight.writeFloatLE(0.5, bytes.length - 4);
  const damaged: Record<string, [Buffer, string]> = {
    offsets: [changed('"data_offsets":[256,272]', '"data_offsets":[252,268]'), 'to begin at byte'],
    sizes: [changed('"shape":[16,4]', '"shape":[61,4]'), 'expected 976 bytes for shape [61,4]'],
    nan: [notANumber, 'expected finite values, received NaN at index 2'],
    digest: [otherWeight, 'expected weights with SHA-256'],
    cut: [bytes.subarray(0, -5), 'bytes of tensors, received'],
    type: [changed('"dtype":"F32"', '"dtype":"F64"'), 'expected dtype F32, received "F64"'],
    receipt: [changed('sha256\\":\\"', 'SHA256\\":\\"'), 'sha256: expected a SHA-256'],
    contract: [
      changed('contract\\":1', 'contract\\":2'),
      'expected contract version 1, received 2',
    ],
  };
  const files = Object.entries(damaged).map(([name, [content]]) => [name, content]);
  writeFiles(folder, Object.fromEntries(files));
  await Promise.all(
    Object.entries(damaged).map(async ([name, [, error]]) => {
      const { exitCode, stdout, stderr } = await runCli(['inspect', name], { folder });
      expect(stderr).toMatch(new RegExp(`^error: ${name}: .*\\n`));
      expect(stderr).toContain(error);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    }),
  );
});
