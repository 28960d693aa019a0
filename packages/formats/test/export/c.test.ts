import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featureNames, type Model, resolve } from '@bitgrad/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { exportModel } from '../../src/export/export-model.js';
import { hexFloat } from '../../src/export/hex-float.js';
import { dequantize, quantizedModel, quantizeWeight } from '../../src/export/quantize.js';
import { temporaryFolder } from '../temporary.js';
import { expectedOf, kinds, samplesFor } from './models.js';

/** Reads rows from stdin, writes predictions to stdout; ends with what the self-test says. */
const main = (input: string, output: string, features: number, outputs: number): string => `
#include <stdio.h>
int main(void) {
  ${input} row[${features}];
  ${output} out[${outputs}];
  while (fread(row, sizeof row, 1, stdin) == 1) {
    bitgrad_predict(row, out);
    fwrite(out, sizeof out, 1, stdout);
  }
  return bitgrad_self_test();
}
`;

const FLAGS = '-std=c99 -Wall -Wextra -Wpedantic -Werror -ffp-contract=off'.split(' ');

interface Ran {
  readonly status: number | null;
  readonly bytes: Uint8Array;
}

/** Compiles an exported file with a program around it, and gives it samples. */
function compileAndRun(
  source: Uint8Array,
  model: Model,
  samples: Uint8Array | Float32Array,
  [compiler = 'gcc', ...flags]: readonly string[],
  runner: readonly string[] = [],
): Ran {
  const folder = temporaryFolder();
  const [file, program] = [join(folder, 'model.c'), join(folder, 'model')];
  const { features, outputs } = resolve(model.recipe);
  const input = samples instanceof Uint8Array ? 'uint8_t' : 'float';
  const text = new TextDecoder().decode(source);
  const output = /bitgrad_predict\(const \w+ \*input, (\w+) \*output\);/.exec(text)![1]!;
  writeFileSync(file, text + main(input, output, features, outputs));
  const compiled = spawnSync(compiler, [...flags, file, '-o', program], { encoding: 'utf8' });
  expect(compiled.stderr).toBe('');
  expect(compiled.status).toBe(0);
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const command = [...runner, program];
  const ran = spawnSync(command[0]!, command.slice(1), { input: bytes });
  return { status: ran.status, bytes: new Uint8Array(ran.stdout) };
}

const isThere = (command: string): boolean =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

const hasClang = !missing('clang');
const canCross = isThere('aarch64-linux-gnu-gcc') && isThere('qemu-aarch64');

const bytesOf = (values: Float32Array): Uint8Array => new Uint8Array(values.slice().buffer);

describe.skipIf(missing('native'))('compiled', () => {
  const usual = [['gcc', '-O2', ...FLAGS], ...(hasClang ? [['clang', '-O2', ...FLAGS]] : [])];
  const others = [
    ['gcc', '-O3', '-march=native', ...FLAGS],
    ['gcc', '-O0', '-DBITGRAD_BUFFERS=static', ...FLAGS],
    ['g++', '-x', 'c++', '-std=c++17', '-O1', '-ffp-contract=off'],
    ...(hasClang ? [['clang', '-O3', '-march=native', ...FLAGS]] : []),
  ];
  const compilers = missing('long') ? usual : [...usual, ...others];

  test.each(Object.entries(kinds))('%s: the backend’s bits, by every compiler', (_, model) => {
    const samples = samplesFor(model);
    const expected = bytesOf(expectedOf(model, samples));
    for (const compiler of compilers) {
      const { status, bytes } = compileAndRun(exportModel(model, 'c'), model, samples, compiler);
      expect(bytes).toEqual(expected);
      expect(status).toBe(0);
    }
  });

  test.each(Object.entries(kinds))('%s: in bytes, the bits of what they stand for', (_, model) => {
    const samples = samplesFor(model);
    const expected = bytesOf(expectedOf(quantizedModel(model), samples));
    const source = exportModel(model, 'c', 'int8');
    for (const compiler of missing('long') ? usual.slice(0, 1) : usual) {
      const { status, bytes } = compileAndRun(source, model, samples, compiler);
      expect(bytes).toEqual(expected);
      expect(status).toBe(0);
    }
  });

  test('names come out as they went in', () => {
    const model = kinds['standardised table with names']!;
    const folder = temporaryFolder();
    const [file, program] = [join(folder, 'names.c'), join(folder, 'names')];
    const print = (name: string, count: number): string =>
      `for (i = 0; i < ${count}; i += 1) puts(bitgrad_${name}_names[i]);`;
    const source = new TextDecoder().decode(exportModel(model, 'c'));
    const body = `int main(void) { int i; ${print('class', 3)} ${print('feature', 5)} return 0; }`;
    writeFileSync(file, `${source}\n#include <stdio.h>\n${body}\n`);
    const compiled = spawnSync('gcc', [...FLAGS, file, '-o', program], { encoding: 'utf8' });
    expect(compiled.stderr).toBe('');
    const { stdout } = spawnSync(program, { encoding: 'utf8' });
    const names = [...model.classNames!, ...featureNames(model.encoding!)];
    expect(stdout).toBe(`${names.join('\n')}\n`);
    expect(source).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('the self-test tells of products and sums that became one', () => {
    const model = kinds['leaky-relu']!;
    const flags = ['gcc', '-O2', '-mfma', '-ffp-contract=fast', '-Wno-unknown-pragmas'];
    const hasFma = spawnSync('grep', ['-q', '-w', 'fma', '/proc/cpuinfo']).status === 0;
    if (!hasFma) return;
    const { status } = compileAndRun(exportModel(model, 'c'), model, samplesFor(model), flags);
    expect(status).toBe(1);
  });
});

describe.skipIf(missing('long') || (missing('arm64') && !canCross))('compiled for arm64', () => {
  const compilers = [
    ['aarch64-linux-gnu-gcc', '-O3', '-static', ...FLAGS],
    ...(hasClang ? [['clang', '--target=aarch64-linux-gnu', '-O2', '-static', ...FLAGS]] : []),
  ];

  test.each(Object.entries(kinds))(
    '%s: the backend’s bits, as numbers and in bytes',
    (_, model) => {
      const samples = samplesFor(model);
      for (const [source, same] of [
        [exportModel(model, 'c'), model],
        [exportModel(model, 'c', 'int8'), quantizedModel(model)],
      ] as const) {
        const expected = bytesOf(expectedOf(same, samples));
        for (const compiler of compilers) {
          const { status, bytes } = compileAndRun(source, model, samples, compiler, [
            'qemu-aarch64',
          ]);
          expect(bytes).toEqual(expected);
          expect(status).toBe(0);
        }
      }
    },
  );
});

test('hexadecimal constants are the numbers', () => {
  expect([1, -0.5, 0, -0, 3.1415927410125732].map(hexFloat)).toEqual([
    '0x1p0f',
    '-0x1p-1f',
    '0.0f',
    '-0.0f',
    '0x1.921fb6p1f',
  ]);
  const numberIn = (text: string): number => {
    const [, sign, whole, fraction = '', power] = /^(-?)0x([01])\.?([0-9a-f]*)p(-?\d+)f$/.exec(
      text,
    )!;
    const digits = Number.parseInt(`${whole}${fraction}`, 16);
    return (sign ? -1 : 1) * digits * 2 ** (Number(power) - 4 * fraction.length);
  };
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true }).filter((value) => value !== 0);
  fc.assert(fc.property(finite, (value) => Object.is(numberIn(hexFloat(value)), value)));
});

test('bytes are the nearest multiples of their column’s scale', () => {
  const weight = Float32Array.of(1.27, -0.5, 0.635, 0.25, -1.27, 0, 0, 0.126);
  const { values, scales } = quantizeWeight(weight, 2);
  expect([...values]).toEqual([127, -127, 64, 64, -127, 0, 0, 32]);
  expect(scales[0]).toBeCloseTo(0.01, 7);
  const back = dequantize({ values, scales });
  for (const [at, value] of back.entries()) {
    expect(Math.abs(value - weight[at]!)).toBeLessThanOrEqual(scales[at % 2]! * 0.5001);
  }
  const zeros = quantizeWeight(new Float32Array(4), 2);
  expect([...dequantize(zeros)]).toEqual([0, 0, 0, 0]);
});
