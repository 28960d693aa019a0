import { describe, expect, test } from 'vitest';
import { csvSource } from '../src/csv/source.js';
import type { LoadOptions } from '../src/options.js';
import { readTable } from '../src/table/read-table.js';
import { errorOf } from './temporary.js';
import { temporaryFile } from './writers.js';

const count = <Value>(length: number, of: (at: number) => Value): Value[] =>
  Array.from({ length }, (_, at) => of(at));
/** A CSV file, whose rows come in blocks. */
const fileIn = (text: string, options: LoadOptions = {}, tested?: string) =>
  readTable(
    't',
    {
      train: [csvSource(temporaryFile('train.csv', text), false)],
      test: tested === undefined ? [] : [csvSource(temporaryFile('test.csv', tested), false)],
    },
    { task: 'auto', ...options },
  );

// Some versions of Node decode windows-1252 as Latin-1, so that the same file would be another table.
test('prices in euros are numbers in windows-1252, too', async () => {
  const text = 'price;name;k\n\x80 5,50;\x93x\x94;a\n7,25 \x80;caf\xe9;b\n';
  const path = temporaryFile('t.csv', Buffer.from(text, 'latin1'));
  const parts = { train: [csvSource(path, false)], test: [] };
  const { inputs, features, encoding, notes } = await readTable('t', parts, {});
  expect([inputs[0], inputs[features]]).toEqual([5.5, 7.25]);
  expect(encoding!.columns[1]!.categories).toEqual(['café', '“x”']);
  expect(notes![0]).toBe(`${path} is read as Latin-1 (windows-1252): its bytes are no UTF-8`);
});

describe('rows that come in blocks', () => {
  const lines = (length: number, first = 0) =>
    count(length, (at) => `${(first + at) / 4},t${at % 3},${'ab'[at % 2]}\n`).join('');

  test('are all read, in their order', async () => {
    const { inputs, labels, features, trainCount } = await fileIn(`x,t,k\n${lines(700)}`);
    expect([trainCount, features]).toEqual([700, 4]);
    const rows = count(700, (at) => [...inputs.subarray(at * 4, at * 4 + 4), labels[at]]);
    expect(rows).toEqual(
      count(700, (at) => [at / 4, ...[0, 1, 2].map((one) => Number(one === at % 3)), at % 2]),
    );
  });

  test('may have titles above the names, or no names', async () => {
    const titled = await fileIn(`Our table,,\n,,\nx,t,k\n${lines(300)}`);
    expect(titled).toMatchObject({ trainCount: 300, encoding: { label: 'k' } });
    expect(titled.inputs[4]).toBe(0.25);
    const bare = await fileIn(lines(300));
    expect(bare).toMatchObject({ trainCount: 300, encoding: { label: 'column 3' } });
    expect([...bare.inputs.subarray(0, 5)]).toEqual([0, 1, 0, 0, 0.25]);
    expect((await fileIn(lines(300), { header: true })).trainCount).toBe(299);
    expect((await fileIn(`x,u,k\n${'y,v,l\n'.repeat(9)}`, { header: false })).trainCount).toBe(10);
  });

  test('are told by their lines where they are wrong', async () => {
    const { message } = await errorOf(() => fileIn(`x,t,k\n${lines(400)}oh,t1,a\n`));
    expect(message).toMatch(
      /train\.csv: line 402, column "x": expected a number as in 400 other rows, received "oh"$/,
    );
    const missing = await errorOf(() =>
      fileIn(`x,t,k\n${lines(299)},t1,a\n${lines(9)}`, { missing: 'error' }),
    );
    expect(missing.message).toMatch(
      /line 301, column "x": expected a value in every cell, received an empty cell; 1 cell in 1 row holds none/,
    );
  });

  test('of a further file are rows of their own', async () => {
    const read = await fileIn(`x,t,k\n${lines(300)}`, {}, `x,t,k\n${lines(3, 300)}`);
    expect(read).toMatchObject({ trainCount: 300, testCount: 3 });
    expect(read.inputs[302 * 4]).toBe(75.5);
    const { encoding, classNames } = read;
    const like = { classes: 2, classNames: classNames!, encoding: encoding! };
    const options = { like, strict: true };
    const { message } = await errorOf(() =>
      fileIn(`x,t,k\n${lines(3)}`, options, 'x,t,k\n1,t1,a\n2,new,b\n'),
    );
    expect(message).toMatch(/test\.csv: row 2, column "t": /);
  });

  test('of dates and texts are told apart also where both come again', async () => {
    const dated = (share: number) =>
      fileIn(
        `x,d,k\n${count(800, (at) => `${at % 7},${at % 5 < share ? '1970-01-02' : 'soon'},${'ab'[at % 2]}\n`).join('')}`,
      );
    const some = await dated(2);
    expect(some.encoding!.columns[1]).toEqual({ name: 'd', categories: ['1970-01-02', 'soon'] });
    expect(some.notes).toEqual([]);
    expect((await dated(3)).notes).toEqual([
      'column d holds dates but for "soon" (line 5): they are categories',
    ]);
  });

  test('are texts of their own, whatever their bytes add up to', async () => {
    // The hash by which texts are found again (FNV-1a of 32 bits) is one.
    const words = ['declinate', 'macallums', 'other'];
    const text = count(600, (at) => `${words[at % 3]},${'ab'[at % 2]}\n`).join('');
    const { encoding, inputs } = await fileIn(`t,k\n${text}`);
    expect(encoding!.columns[0]!.categories).toEqual(words);
    expect([...inputs.subarray(0, 9)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  test('stay as they are written where they are categories', async () => {
    const text = count(900, (at) => `${['1.50', 'a', '01'][at % 3]},${'ab'[at % 2]}\n`).join('');
    const { encoding } = await fileIn(`t,k\n${text}`, { categorical: ['t'] });
    expect(encoding!.columns[0]!.categories).toEqual(['01', '1.50', 'a']);
  });

  test('count the rows to their end, or hold numbers', async () => {
    const left = async (of: (at: number) => number) => {
      const rows = count(2000, (at) => `${of(at)},${at % 7},${'ab'[at % 2]}\n`).join('');
      return (await fileIn(`x,y,k\n${rows}`)).encoding!.columns.length === 1;
    };
    expect(await left((at) => at)).toBe(true);
    expect(await left((at) => (at < 1500 ? at : 5))).toBe(false);
    expect(await left((at) => (at === 1999 ? 5 : at))).toBe(false);
  });

  test('show late how numbers are written, too', async () => {
    const rows = count(
      2000,
      (at) => `${at < 1500 ? at : at + 0.5};1,${234 + (at % 9)};${'ab'[at % 2]}\n`,
    ).join('');
    const { inputs, features, encoding } = await fileIn(`x;y;k\n${rows}`);
    expect(encoding).not.toHaveProperty('decimal');
    expect([inputs[1], inputs[1999 * features]]).toEqual([1234, 1999.5]);
  });

  test('of a further file have the columns of the first', async () => {
    const { message } = await errorOf(() => fileIn('x,k\n1,a\n2,b\n', {}, 'y,k\n1,a\n'));
    expect(message).toMatch(
      /test\.csv: expected the columns of .*train\.csv, received others \(y, k\)$/,
    );
  });

  test('have to hold what a model takes, and are told by their lines', async () => {
    const { encoding, classNames } = await fileIn('x,k\n1.5,a\n2,b\n');
    const like = { classes: 2, classNames: classNames!, encoding: encoding! };
    const { message } = await errorOf(() => fileIn('x,k\n1,a\n\nmany,b\n', { like }));
    expect(message).toMatch(/: line 4, column "x": expected a number, received "many"$/);
  });

  test('of more than one piece of memory keep their places', async () => {
    const length = 2 ** 16 + 300;
    const day = (at: number) => `1970-01-0${(at % 3) + 1}`;
    const text = count(length, (at) => {
      const isGap = at % 1000 === 7;
      return `${isGap ? '' : at % 5},${isGap ? '' : day(at)},${isGap ? '' : `t${at % 2}`},${'ab'[at % 2]}\n`;
    }).join('');
    const { inputs, labels, features, encoding } = await fileIn(`x,d,t,k\n${text}`);
    expect(encoding!.columns).toEqual([
      { name: 'x', categories: null, missing: true },
      { name: 'd', categories: null, date: { unit: 'days', parts: ['weekday'] }, missing: true },
      { name: 't', categories: ['t0', 't1'], missing: true },
    ]);
    expect(features).toBe(8);
    for (const at of [
      0,
      1,
      7,
      8,
      1007,
      65_007,
      65_535,
      65_536,
      65_537,
      66_007 - 1000,
      length - 1,
    ]) {
      const row = [...inputs.subarray(at * 8, at * 8 + 8)];
      const isGap = at % 1000 === 7;
      expect(row).toEqual(
        isGap
          ? [NaN, 1, NaN, 0, 1, 0, 0, 1]
          : [at % 5, 0, at % 3, [3, 4, 5][at % 3], 0, 1 - (at % 2), at % 2, 0],
      );
      expect(labels[at]).toBe(at % 2);
    }
  });
});
