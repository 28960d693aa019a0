import { Sampler, type SavedModel } from '@bitgrad/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonRows } from '../src/json-rows.js';
import { imageModel, numbersModel, thingsModel } from './models.js';

const MOST = 100;

/** What `JSON.parse` and a sampler make of a list of rows. */
function expectedOf(model: SavedModel, rows: readonly unknown[]) {
  const sampler = new Sampler(model);
  const samples = sampler.allocate(rows.length);
  for (const [index, row] of rows.entries()) sampler.write(row as number[], samples, index);
  return samples;
}

const numeral = fc.oneof(
  fc.double({ noNaN: true, min: 1e-15, max: 1e15 }).map(String),
  fc.double({ noNaN: true, min: -1e15, max: -1e-15 }).map(String),
  fc.double({ noNaN: true, min: 0, max: 1 }).map((value) => String(Math.fround(value))),
  fc.integer().map(String),
  fc.constantFrom('-0', '0', '1e5', '1E-3', '0.10', '123456789012345678'),
);
const blank = fc.constantFrom('', ' ', '\n\t\r ');

describe.each([
  ['numbers', numbersModel],
  ['things', thingsModel],
] as const)('rows of %s', async (_name, make) => {
  const model = await make();
  const sampler = new Sampler(model);
  const { columns, features } = sampler;
  const reader = new JsonRows(sampler, MOST);
  const text = fc.oneof(
    fc.constantFrom('"red"', '"blue"', '"grün"', 'null', 'true', 'false', '""'),
    fc.string().map((value) => JSON.stringify(value)),
  );
  const cellOf = (name: string | undefined): fc.Arbitrary<string> =>
    name === 'colour' ? text : numeral;
  const list = fc
    .tuple(...Array.from({ length: columns?.length ?? features }, (_, at) => cellOf(columns?.[at])))
    .map((cells) => `[${cells.join(', ')}]`);
  const object = fc
    .tuple(...(columns ?? []).map(cellOf), fc.constantFrom('null', '7', '"x"'))
    .map((cells) => {
      const names = [...(columns ?? []), 'id'];
      return `{${names.map((name, at) => `${JSON.stringify(name)} : ${cells[at]}`).join(',')}}`;
    });
  const row = columns === null ? list : fc.oneof(list, object);

  test('are as JSON.parse and a sampler have them', () => {
    let read = 0;
    const written = fc.tuple(fc.array(row, { minLength: 1, maxLength: 9 }), blank, fc.boolean());
    const property = fc.property(written, ([rows, space, isNamed]) => {
      const rowsText = `[${space}${rows.join(`${space},`)}]`;
      const body = isNamed ? `{"instances"${space}:${rowsText}}${space}` : rowsText;
      const samples = reader.read(Buffer.from(body), isNamed);
      if (samples === null) return;
      read += 1;
      expect(samples).toEqual(expectedOf(model, JSON.parse(rowsText)));
    });
    fc.assert(property, { numRuns: 500 });
    expect(read).toBeGreaterThan(100);
  });

  test('that are damaged are left to JSON.parse, or it reads them alike', () => {
    const damaged = fc.tuple(
      fc.array(row, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      fc.constantFrom('', '0', '-', '.', 'e', ',', ']', '[', '{', '}', '"', '\\', ' ', ':', 'é'),
    );
    const property = fc.property(damaged, ([rows, place, piece]) => {
      const whole = `[${rows.join(',')}]`;
      const at = place % whole.length;
      const text = whole.slice(0, at) + piece + whole.slice(at + 1);
      const samples = reader.read(Buffer.from(text), false);
      if (samples !== null) expect(samples).toEqual(expectedOf(model, JSON.parse(text)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

describe('what is not written plainly is left alone', async () => {
  const reader = new JsonRows(new Sampler(await thingsModel()), 2);
  const row = '{"size":1,"colour":"red"}';
  const left = [
    ...[
      '',
      '[]',
      '{}',
      'null',
      row,
      `[${row}`,
      `[${row}]x`,
      `[${row},]`,
      `[,${row}]`,
      `[${row}{}]`,
    ],
    ...['[{}]', '[[]]', `[${row},{}]`, '[{"size":1}]', '[[1]]', '[[1,"red",2]]', '[[[1],"red"]]'],
    ...['[{"size":1,"size":2,"colour":"red"}]', '[{"size":{},"colour":"red"}]'],
    ...[
      '[[01,"red"]]',
      '[[+1,"red"]]',
      '[[.5,"red"]]',
      '[[1.,"red"]]',
      '[[-,"red"]]',
      '[[1e,"red"]]',
    ],
    ...['[[1,"re\\u0064"]]', '[[1,"r\ned"]]', '[[1,"red]]', '[[NaN,"red"]]', '[[1e999,"red"]]'],
    ...[`[${row},{"colour":"red","size":1}]`, `[${row},${row},${row}]`, `\ufeff[${row}]`],
  ];
  test.each(left)('%s', (text) => expect(reader.read(Buffer.from(text), false)).toBeNull());

  test('bytes that are no UTF-8', () => {
    const bytes = Buffer.from(`[${row}]`);
    bytes[bytes.indexOf('red')] = 0xff;
    expect(reader.read(bytes, false)).toBeNull();
  });

  test('an object with more than instances', () => {
    const rows = `"instances":[${row}]`;
    expect(reader.read(Buffer.from(`{${rows}}`), true)).not.toBeNull();
    for (const text of [`{${rows},"a":1}`, `{"a":1,${rows}}`, `{${rows}`, `{${rows}}}`]) {
      expect(reader.read(Buffer.from(text), true)).toBeNull();
    }
  });
});

test('pixels are bytes, and as many rows as may be are read', async () => {
  const model = await imageModel();
  const sampler = new Sampler(model);
  const reader = new JsonRows(sampler, MOST);
  const rows = Array.from({ length: MOST }, (_, index) =>
    Array.from({ length: sampler.features }, (_, at) => (index * 7 + at) % 256),
  );
  const samples = reader.read(Buffer.from(JSON.stringify(rows)), false);
  expect(samples).toEqual(expectedOf(model, rows));
  expect(reader.read(Buffer.from(JSON.stringify([...rows, rows[0]])), false)).toBeNull();
  for (const wrong of ['256', '-1', '0.5', '"1"', 'null']) {
    const one = `[[${wrong}${',0'.repeat(sampler.features - 1)}]]`;
    expect(reader.read(Buffer.from(one), false)).toBeNull();
  }
});
