import {
  checkRecipe,
  type Evaluation,
  RECIPES,
  type Receipt,
  type Recipe,
  range,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { expect, test } from 'vitest';
import { asciiCurve } from '../../src/report/ascii-curve.js';
import { findMistakes, type Mistake } from '../../src/report/find-mistakes.js';
import { htmlReport } from '../../src/report/html.js';
import { escapeText } from '../../src/report/markup.js';
import { mistakesFigure } from '../../src/report/mistakes-figure.js';
import { readFilters } from '../../src/report/read-filters.js';
import type { Report } from '../../src/report/report.js';
import { svgReport } from '../../src/report/svg.js';
import { ticksFor } from '../../src/report/ticks.js';

const digest = (letter: string): string => letter.repeat(64);

const receipt: Receipt = {
  contract: 1,
  recipe: RECIPES.mnist!,
  dataset: {
    name: 'a <b> & "c"',
    sha256: digest('a'),
    inputSha256: digest('b'),
    features: 4,
    outputs: 2,
    classes: 2,
    image: { height: 2, width: 2 },
    train: 60_000,
    validation: 0,
    test: 1234,
  },
  programSha256: digest('c'),
  epochs: [digest('d'), digest('e')],
  bestEpoch: null,
  weightsSha256: digest('e'),
  validationAccuracy: null,
  validationLoss: null,
  testAccuracy: 0.9,
  testLoss: 0.25,
};

const evaluation: Evaluation = {
  samples: 1234,
  accuracy: 1200 / 1234,
  loss: 0.25,
  confusion: [
    [600, 20],
    [14, 600],
  ],
  predicted: null,
};

const mistake: Mistake = {
  index: 7,
  label: 0,
  predicted: 1,
  probability: 0.987,
  image: { height: 2, width: 2, pixels: Uint8Array.of(0, 255, 255, 0) },
};

const report: Report = {
  receipt,
  epochs: [1, 2, 3].map((epoch) => ({
    epoch,
    loss: 1 / epoch,
    validationLoss: 1.1 / epoch,
    validationAccuracy: 1 - 0.3 / epoch,
  })),
  evaluation,
  worst: [mistake],
  classNames: ['<script>alert(1)</script>', 'two & "three"'],
};

const writers = { htmlReport, svgReport };

test.each(Object.entries(writers))('%s shows everything, by itself', (_, write) => {
  const text = write(report);
  for (const shown of [
    '97.24 %',
    'of 1,234 test samples are right',
    'a &lt;b&gt; &amp; &quot;c&quot;',
    '98.7 % sure',
    '96.8 %',
    'learning rate',
    digest('a'),
    digest('e'),
  ]) {
    expect(text).toContain(shown);
  }
  expect(text).not.toMatch(/<script|<link rel="stylesheet|@import|url\(|src=/);
  expect(text.replace('http://www.w3.org/2000/svg', '')).not.toContain('http');
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(text).toContain('prefers-color-scheme:dark');
  expect(text.match(/class="line (accent|second)" d="M[\d. ]+L/g)).toHaveLength(3);
});

test.each(Object.entries(writers))('%s closes what it opens', (_, write) => {
  const open: string[] = [];
  for (const [, closing, name, empty] of write(report).matchAll(
    /<(\/?)([a-z0-9]+)(?:\s[^<>]*?)?(\/?)>/g,
  )) {
    if (empty || ['meta', 'link'].includes(name!)) continue;
    if (closing) expect(open.pop()).toBe(name);
    else open.push(name!);
  }
  expect(open).toEqual([]);
});

test.each(Object.entries(writers))('%s does with whatever is there', (_, write) => {
  const bare: Report = { ...report, epochs: [], evaluation: null, worst: [], classNames: null };
  expect(write(bare)).toContain('90.00 %');
  expect(write(bare)).not.toContain('Confusion');
  const untested = { ...receipt, testAccuracy: null, testLoss: null };
  expect(write({ ...bare, receipt: untested })).toContain('epochs, no test samples');
  const first = { epoch: 4, loss: 0.5, validationLoss: null, validationAccuracy: null };
  expect(write({ ...bare, epochs: [first] })).not.toMatch(/NaN|Infinity|Accuracy</);
  const numbers = { ...receipt, recipe: { ...receipt.recipe, loss: 'squared-error' as const } };
  const regression = { ...evaluation, accuracy: null, confusion: null, loss: 0.123456 };
  const text = write({
    ...bare,
    receipt: { ...numbers, testAccuracy: null },
    evaluation: regression,
  });
  expect(text).toContain('0.1235');
  expect(text).toContain('squared-error on 1,234 test samples');
});

test.each([3, 20, 64, 65])('a confusion matrix of %i classes', (classes) => {
  const confusion = Array.from({ length: classes }, (_, row) =>
    Array.from({ length: classes }, (_, column) => (row === column ? 5 : 0)),
  );
  const text = htmlReport({
    ...report,
    classNames: null,
    evaluation: { ...evaluation, confusion },
  });
  expect(text.includes('Confusion matrix')).toBe(classes <= 64);
  expect(text).not.toContain('NaN');
});

test('pictures are drawn pixel by pixel', () => {
  expect(htmlReport(report)).toContain(
    '<path fill="rgb(255,255,255)" d="M1 0h1v1h-1zM0 1h1v1h-1z"/>',
  );
});

test('text from data cannot break out', () => {
  expect(escapeText('<a b="c">&\'\0\u0007\ud800\n')).toBe(
    '&lt;a b=&quot;c&quot;&gt;&amp;&#39;\ufffd\ufffd\ufffd\n',
  );
});

test('axes have round numbers', () => {
  expect(ticksFor(0, 0.79, 6)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  expect(ticksFor(0.81, 0.953, 6)).toEqual([0.8, 0.85, 0.9, 0.95, 1]);
  expect(ticksFor(1, 50, 8)).toEqual([0, 10, 20, 30, 40, 50]);
  expect(ticksFor(3, 3, 6).length).toBeGreaterThanOrEqual(2);
  expect(ticksFor(0, 0, 6)[0]).toBe(0);
});

test('curves for the terminal', () => {
  expect(asciiCurve([0, 1, 2, 3], { width: 7, height: 2 })).toBe('3 ┤  ⡠⠊\n0 ┤⡠⠊');
  expect(asciiCurve([], { width: 9, height: 2 })).toBe('');
  expect(asciiCurve([Number.NaN], { width: 9, height: 2 })).toBe('');
  const lines = asciiCurve([5], { width: 20, height: 3 }).split('\n');
  expect(lines).toHaveLength(3);
  expect(Math.max(...lines.map((line) => line.length))).toBe(20);
});

test('mistakes without images take no room for images', () => {
  const heightOf = (mistakes: readonly Mistake[]) => mistakesFigure(mistakes, null).height;
  const { image: _, ...row } = mistake;
  expect(heightOf([mistake])).toBe(158);
  expect(heightOf([{ ...row, image: null }])).toBe(80);
});

test('finds the mistakes that a model is surest of', async () => {
  const samples = 3000;
  const inputs = Uint8Array.from({ length: samples * 4 }, (_, at) => (at * 37 + (at >> 3)) % 256);
  // A quarter of the labels is wrong, so that there are mistakes.
  const labels = Uint32Array.from({ length: samples }, (_, sample) =>
    Number(inputs[4 * sample]! > 127 !== (sample % 4 === 0)),
  );
  const dataset = {
    name: 'made',
    inputs,
    features: 4,
    image: { height: 2, width: 2 },
    labels,
    classes: 2,
    trainCount: 1000,
    testCount: 2000,
  };
  const recipe = {
    ...RECIPES.mnist!,
    layers: [4, 2],
    preprocess: 'scale' as const,
    augment: 'none',
    epochs: 5,
  };
  const backend = typescriptBackend();
  const model = await train({ recipe, dataset, backend });
  const found = findMistakes(model, dataset, range(1000, 2000), backend, 2000);
  expect(found.length).toBe(Math.round(2000 * (1 - model.receipt.testAccuracy!)));
  for (const [at, { index, label, predicted, probability, image }] of found.entries()) {
    expect(label).toBe(labels[index]);
    expect(predicted).toBe(1 - label);
    expect(image!.pixels).toEqual(inputs.slice(4 * index, 4 * index + 4));
    expect(probability).toBeLessThanOrEqual(found[at - 1]?.probability ?? 1);
  }
  expect(findMistakes(model, dataset, range(1000, 2000), backend, 3)).toEqual(found.slice(0, 3));
});

test('filters of the first layer, and what they find, are what the layer computes', () => {
  const inputs = Uint8Array.from({ length: 3 * 16 }, (_, at) => (at * 89) % 256);
  const dataset = {
    name: 'made',
    inputs,
    features: 16,
    image: { height: 4, width: 4 },
    labels: Uint32Array.of(0, 0, 1),
    classes: 2,
    trainCount: 0,
    testCount: 3,
  };
  const layers = [[4, 4, 1], { type: 'conv2d', filters: 2, kernelSize: 1, padding: 'valid' }, 2];
  const recipe = checkRecipe({
    ...RECIPES.mnist!,
    layers: layers as Recipe['layers'],
    preprocess: 'scale',
    augment: 'none',
  });
  // Filters of one pixel that take it as it is and turned around, with nothing added.
  const parameters = new Float32Array(2 + 2 + 32 * 2 + 2);
  parameters.set([0.5, -1]);
  const model = { recipe, parameters, standardization: null, classNames: null, encoding: null };
  const backend = typescriptBackend();
  const found = readFilters(model, dataset, range(0, 3), backend)!;
  expect(found.kernels.map(({ pixels }) => [...pixels])).toEqual([[191], [0]]);
  // One sample of each class.
  expect(found.examples.map(({ image }) => [...image.pixels])).toEqual([
    [...inputs.slice(0, 16)],
    [...inputs.slice(32, 48)],
  ]);
  for (const { image, maps } of found.examples) {
    const most = Math.max(...image.pixels);
    const expected = [...image.pixels].map((byte) => Math.round((255 * byte) / most));
    expect([...maps[0]!.pixels]).toEqual(expected);
    // Nothing is left of what is less than 0.
    expect(new Set(maps[1]!.pixels)).toEqual(new Set([0]));
  }
  for (const write of Object.values(writers)) {
    const text = write({ ...report, filters: found });
    expect(text).toContain('Filters of the first layer');
    expect(text).toContain('<path fill="rgb(187,187,187)" d="M0 0h1v1h-1z"/>');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  }
  const dense = { ...model, recipe: { ...recipe, layers: [16, 2] } };
  expect(readFilters(dense, dataset, range(0, 3), backend)).toBeNull();
});
