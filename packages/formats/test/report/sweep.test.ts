import { RECIPES, type Receipt } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { htmlSweep, type SweptGroup } from '../../src/report/sweep.js';

const best = {
  recipe: RECIPES.table!,
  dataset: { name: '<b>', sha256: 'a'.repeat(64) },
  epochs: ['b'.repeat(64)],
  weightsSha256: 'b'.repeat(64),
  validationLoss: 0.125,
} as unknown as Receipt;

const group = (lr: string, values: SweptGroup['values'], stopped: number | null): SweptGroup => ({
  settings: { lr },
  values,
  mean: values.includes(null) ? null : 0.25,
  deviation: null,
  stopped,
});

test('a sweep’s page has every setting and trial, and holds what it needs', () => {
  const groups = [
    group('<script>1</script>', [0.125, 0.375], null),
    group('0.5', [1], 2),
    group('9', [null], null),
  ];
  const page = htmlSweep({ goal: 'validationLoss', varied: ['lr'], groups, best });
  expect(page).not.toMatch(/<script|src=|@import|url\((?!data:)|https?:/);
  expect(page).toContain('<td>&lt;script&gt;1&lt;/script&gt;</td><td>2</td><td>all</td>');
  expect(page).toContain('<td>0.5</td><td>1</td><td>2</td><td>0.25</td>');
  expect(page).toContain('<td>9</td><td>1</td><td>all</td><td>none</td>');
  expect(page.match(/<circle/g)).toHaveLength(3);
  // The least lies left, the most right, a radius from the edges.
  expect(page).toMatch(/cx="4"[\s\S]*cx="220"/);
  expect(page).toContain('<h1><strong>0.125</strong> validationLoss of the best trial</h1>');
  expect(page).toContain('4 trials · 3 settings');
  expect(page).toContain('b'.repeat(64));
});

test('a sweep without a best trial has a page, too', () => {
  const groups = [group('9', [null], null)];
  const page = htmlSweep({ goal: 'testLoss', varied: [], groups, best: null });
  expect(page).toContain('<strong>none</strong>');
  expect(page).toContain('1 trial · 1 setting');
});
