import { expect, it } from 'vitest';
import { suite } from '../src/suite.js';

it('names every case once', () => {
  const names = suite().map(({ group, name }) => `${group}: ${name}`);
  expect(new Set(names).size).toBe(names.length);
});

it('has cases in every group', () => {
  expect([...new Set(suite().map(({ group }) => group))]).toEqual([
    'random',
    'elementary',
    'kernels',
    'ops',
    'programs',
    'gradients',
    'reference',
    'session',
    'split steps',
    'listed samples',
    'trainings',
    'ranks',
  ]);
});
