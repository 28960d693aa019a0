import { expect, test } from 'vitest';
import { bareNumber, type Decimal, isMissing, numberIn } from '../../src/index.js';

test.each<[string, Decimal, number]>([
  ['5', '.', 5],
  ['-1.5e3', '.', -1500],
  ['.5', '.', 0.5],
  ['5.', '.', 5],
  ['+1E+2', '.', 100],
  ['1,234', '.', 1234],
  ['1,234,567.89', '.', 1_234_567.89],
  ['1 234 567.5', '.', 1_234_567.5],
  ['1\u00a0234', '.', 1234],
  ["1'234.5", '.', 1234.5],
  ['$1,200.50', '.', 1200.5],
  ['-$5', '.', -5],
  ['€ 7', '.', 7],
  ['7 €', '.', 7],
  ['12.5%', '.', 12.5],
  ['12 %', '.', 12],
  ['\u22125', '.', -5],
  ['US$ 7', '.', 7],
  ['USD 1,234.50', '.', 1234.5],
  ['12.50 EUR', '.', 12.5],
  ["CHF 1'165.50", '.', 1165.5],
  ['(1,234.5)', '.', -1234.5],
  ['($4,680)', '.', -4680],
  ['$(5)', '.', -5],
  ['(3 %)', '.', -3],
  ['12,34,567.5', '.', 1_234_567.5],
  ['₹1,23,456', '.', 123_456],
  ['(1.234,50 €)', ',', -1234.5],
  ['3,14', ',', 3.14],
  ['-0,5', ',', -0.5],
  [',5', ',', 0.5],
  ['1.234', ',', 1234],
  ['1.234.567,89', ',', 1_234_567.89],
  ['1 234,5 €', ',', 1234.5],
  ['1,5e-3', ',', 0.0015],
  ['42', ',', 42],
  ['inf', '.', Number.POSITIVE_INFINITY],
  ['-Infinity', '.', Number.NEGATIVE_INFINITY],
])('%j with a decimal %s is %d', (cell, decimal, number) => {
  expect(numberIn(cell, 2, decimal)).toBe(number);
});

test.each<[string, Decimal]>([
  ['', '.'],
  ['3,14', '.'],
  ['1,23,45', '.'],
  ['0,125', '.'],
  ['0,12,345', '.'],
  ['0.125', ','],
  ['(-5)', '.'],
  ['((5))', '.'],
  ['5-', '.'],
  ['ABC 5', '.'],
  ['1,234 567', '.'],
  ['1.5', ','],
  ['1.2.3', '.'],
  ['0x1f', '.'],
  ['0b1', '.'],
  ['1_000', '.'],
  ['12a', '.'],
  ['5 kg', '.'],
  ['$', '.'],
  ['%', '.'],
  ['12:30', '.'],
])('%j with a decimal %s is no number', (cell, decimal) => {
  expect(numberIn(cell, 2, decimal)).toBe(Number.NaN);
});

// As accountants write nothing.
test.each(['$ -', '- €', '$–', '—EUR', '$ --', 'kr.  -', 'US$-', '$      -'])('%j is 0', (cell) => {
  expect(numberIn(cell, 2)).toBe(0);
  expect(numberIn(cell, 1)).toBe(Number.NaN);
});

test.each(['-', '--', '$', '$ - $', 'x -', '$       -', '$ +'])('%j is not', (cell) => {
  expect(numberIn(cell, 2)).toBe(Number.NaN);
});

test.each(['1,234', '5%', '$5', '1 000'])('0.1.0 took %j for text', (cell) => {
  expect(numberIn(cell, 1)).toBe(Number.NaN);
});

test('tells marks of missing values from words', () => {
  const marks = [
    'None',
    '-',
    '--',
    '.',
    '<NA>',
    '1.#QNAN',
    '#N/A N/A',
    '---',
    '..',
    'n.a.',
    '#DIV/0!',
  ];
  for (const mark of marks) {
    expect([isMissing(mark, 2), isMissing(mark, 1)], mark).toEqual([true, false]);
  }
  for (const word of ['none', 'Na', '+', '----', 'nil', '0', 'missing value']) {
    expect(isMissing(word, 2), word).toBe(false);
  }
  for (const mark of ['', '?', 'NA', 'N/A', 'NaN', 'null']) {
    expect([isMissing(mark, 2), isMissing(mark, 1)], mark).toEqual([true, true]);
  }
});

test('long texts that are no numbers are read as fast as others', () => {
  const length = 2 ** 22;
  const spaces = ' '.repeat(length);
  const digits = '1'.repeat(length);
  const texts = [
    `1${spaces}x`,
    `(1${spaces}x)`,
    `(1)${spaces}x`,
    `$${spaces}(1x`,
    `1${') '.repeat(length)}`,
    `${digits}x`,
  ];
  for (const decimal of ['.', ','] as const) {
    for (const text of texts) expect(numberIn(text, 2, decimal)).toBeNaN();
    expect(numberIn(`5${spaces}US$`, 2, decimal)).toBe(5);
    expect(numberIn(`(5${spaces}%)`, 2, decimal)).toBe(-5);
  }
});

test('what stands behind a number goes as one expression would take it', () => {
  const money = '(?:[A-Z]{0,3}\\p{Sc}|(?:CZK|EUR|Fr|kr|Kč|Rs|円|元)\\.?)';
  const whole = new RegExp(`(?:[.,][-–—]{1,2})?(?:\\s*(?:%|${money}))?$`, 'u');
  const ends = [
    '',
    ' ',
    '  ',
    '%',
    '$',
    'US$',
    'XUS$',
    'ABCDE$',
    'kr.',
    'EUR',
    'AEUR',
    '𑿝',
    'U𑿝',
    '円',
    '.',
    '-',
    '–',
    ' x',
    ')',
  ];
  const dashes = ['', ',-', ',--', '.–', '.---', '-', ' ,-', ',', '.5'];
  for (const dash of dashes) {
    for (const one of ends) {
      for (const other of ends) {
        const text = `5${dash}${one}${other}`;
        expect(bareNumber(text)).toBe(/\d$/.test(text) ? text : text.replace(whole, ''));
      }
    }
  }
});
