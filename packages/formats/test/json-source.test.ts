import { describe, expect, test } from 'vitest';
import { jsonSource } from '../src/sources/json.js';
import { errorOf } from './temporary.js';

async function read(text: string): Promise<unknown> {
  const source = jsonSource(text, 'file');
  const rows: unknown[] = [];
  await source.scan((cells) => void rows.push([...cells]), '.');
  return { names: source.names, rows };
}
const table = {
  names: ['x', 'k'],
  rows: [
    [1.5, 'a'],
    [2, 'b'],
  ],
};

test.each([
  ['a list of objects', '[{"x":1.5,"k":"a"},{"x":2,"k":"b"}]'],
  ['a list in an object', '{"rows":[{"x":1.5,"k":"a"},{"x":2,"k":"b"}]}'],
  [
    'a list in an object beside other things',
    '{"n":2,"rows":[{"x":1.5,"k":"a"},{"x":2,"k":"b"}],"by":"me"}',
  ],
  ['an object a line', '{"x":1.5,"k":"a"}\n{"x":2,"k":"b"}'],
  ['an object a line with others between', '\n{"x":1.5,"k":"a"}\r\n  \n{"x":2,"k":"b"}\n\n'],
  ['a list a column', '{"x":[1.5,2],"k":["a","b"]}'],
  ['columns of objects by the rows', '{"x":{"0":1.5,"1":2},"k":{"0":"a","1":"b"}}'],
  [
    'columns of objects by the rows, in another order',
    '{"x":{"0":1.5,"-1":2},"k":{"-1":"b","0":"a"}}',
  ],
  ['columns of objects by texts', '{"x":{"r":1.5,"s":2},"k":{"r":"a","s":"b"}}'],
  ['rows by their index', '{"0":{"x":1.5,"k":"a"},"1":{"x":2,"k":"b"}}'],
  ['rows by a negative index', '{"-5":{"x":1.5,"k":"a"},"-4":{"x":2,"k":"b"}}'],
])('%s is a table', async (_, text) => {
  expect(await read(text)).toEqual(table);
});

test.each<[string, string, unknown]>([
  [
    'a list of arrays',
    '[["x","k"],[1.5,"a"],[2,"b"]]',
    {
      names: null,
      rows: [
        ['x', 'k'],
        [1.5, 'a'],
        [2, 'b'],
      ],
    },
  ],
  [
    'arrays a line',
    '["x","k"]\n[1.5,"a"]',
    {
      names: null,
      rows: [
        ['x', 'k'],
        [1.5, 'a'],
      ],
    },
  ],
  [
    'pandas’ columns and data',
    '{"columns":["x","k"],"index":[0],"data":[[1.5,"a"]]}',
    {
      names: null,
      rows: [
        ['x', 'k'],
        [1.5, 'a'],
      ],
    },
  ],
  [
    'arrays in an object',
    '{"rows":[["x","k"],[1.5,"a"]]}',
    {
      names: null,
      rows: [
        ['x', 'k'],
        [1.5, 'a'],
      ],
    },
  ],
  ['one object', '{"x":1.5,"k":"a"}', { names: ['x', 'k'], rows: [[1.5, 'a']] }],
  [
    'one object with a list that is no rows',
    '{"x":1.5,"k":null}',
    { names: ['x', 'k'], rows: [[1.5, null]] },
  ],
  [
    'one object with objects and others',
    '{"x":{"0":1},"k":"a"}',
    { names: ['x.0', 'k'], rows: [[1, 'a']] },
  ],
  [
    'columns of numbers by their index',
    '{"0":{"0":1,"1":2},"1":{"0":3,"1":4}}',
    {
      names: ['0', '1'],
      rows: [
        [1, 3],
        [2, 4],
      ],
    },
  ],
  ['a column of one', '{"x":[1],"k":["a"]}', { names: ['x', 'k'], rows: [[1, 'a']] }],
  ['one column', '{"x":[1,2]}', { names: ['x'], rows: [[1], [2]] }],
  ['one column that begins with nothing', '{"x":[null,2]}', { names: ['x'], rows: [[null], [2]] }],
  [
    'columns of which one begins with an object',
    '{"x":[1],"k":[null]}',
    { names: ['x', 'k'], rows: [[1, null]] },
  ],
  [
    'a column that lacks a row',
    '{"x":{"0":1,"1":2},"k":{"0":"a"}}',
    {
      names: ['x', 'k'],
      rows: [
        [1, 'a'],
        [2, null],
      ],
    },
  ],
  [
    'keys that not all rows have',
    '[{"x":1},{"k":"b"}]',
    {
      names: ['x', 'k'],
      rows: [
        [1, null],
        [null, 'b'],
      ],
    },
  ],
])('%s, too', async (_, text, expected) => {
  expect(await read(text)).toEqual(expected);
});

describe('numbers that JSON does not have', () => {
  test('are missing, or their words', async () => {
    expect(await read('[{"x":NaN,"y":Infinity,"z":-Infinity}]')).toEqual({
      names: ['x', 'y', 'z'],
      rows: [[null, 'Infinity', '-Infinity']],
    });
    expect(await read('{"x":NaN}\n{"x":1}')).toEqual({ names: ['x'], rows: [[null], [1]] });
    expect(await read('{"x":Infinity}\n{"x":1}')).toEqual({
      names: ['x'],
      rows: [['Infinity'], [1]],
    });
  });

  test('are texts between quotes, and parts of no other word', async () => {
    const [text, other, escaped] = ['NaN, Infinity', '-Infinity', 'a "NaN" \\'].map((one) =>
      JSON.stringify(one),
    );
    expect(await read(`[{"NaN":${text},"b":${other},"c":${escaped},"d":NaN}]`)).toEqual({
      names: ['NaN', 'b', 'c', 'd'],
      rows: [['NaN, Infinity', '-Infinity', 'a "NaN" \\', null]],
    });
    await errorOf(() => read('[{"x":NaNs}]'));
    await errorOf(() => read('[{"x":aNaN}]'));
    await errorOf(() => read('[{"x":Infinitys}]'));
  });
});

test.each([
  ['an empty list', '[]', 'file: expected a list of rows in JSON, received []'],
  ['an empty object', '{}', 'file: expected a list of rows in JSON, received []'],
  [
    'columns of other lengths',
    '{"x":[1,2],"k":[1]}',
    'file: expected a list of rows in JSON, received ["x","k"]',
  ],
  [
    'many columns of other lengths',
    '{"a":[1],"b":[],"c":[],"d":[],"e":[],"f":[],"g":[]}',
    'received ["a","b","c","d","e","f"]',
  ],
  ['empty columns', '{"x":[],"k":[]}', 'received ["x","k"]'],
])('%s is none', async (_, text, message) => {
  const error = await errorOf(() => read(text));
  expect(error.message).toContain(message);
  expect(error.fix).toContain('Rows are objects');
});

test.each([
  ['{"x":1}\n{"x":}', 'file: line 2: expected a row in JSON, received "{\\"x\\":}"'],
  ['{"x":1}\n\n{"x":1}\n  x', 'file: line 4: expected a row in JSON, received "  x"'],
  ['5', 'file: row 1: expected an object with a value for each column, received 5'],
  ['null', 'file: row 1: expected an object'],
  ['"a"', 'file: row 1: expected an object'],
  ['{"x":1}\nnull', 'file: row 2: expected an object with a value for each column, received null'],
  ['[1]\n{"x":1}', 'file: row 2: expected an array, as the first row is'],
  ['[{"x":1},2]', 'file: row 2: expected an object'],
  ['{"x":1}\n[1]', 'file: row 2: expected an object'],
])('%j is refused', async (text, message) => {
  expect((await errorOf(() => read(text))).message).toContain(message);
});
