import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { openRows } from '../src/rows/index.js';
import { errorOf } from './temporary.js';
import { temporaryFile } from './writers.js';

const ROWS = Array.from({ length: 9 }, (_, at) => ({
  geo: at === 3 ? null : { lat: at * 1.5, of: { deg: at % 4 } },
  seen: { by: at % 2 ? 'ann' : 'bob' },
  kind: at % 2 ? 'x' : 'y',
}));

/** As pandas.json_normalize names and fills them. */
const FLAT = ROWS.map(({ geo, seen, kind }) => ({
  'geo.lat': geo?.lat ?? null,
  'geo.of.deg': geo?.of.deg ?? null,
  'seen.by': seen.by,
  kind,
}));

const load = (name: string, value: unknown) =>
  loadDataset(temporaryFile(name, typeof value === 'string' ? value : JSON.stringify(value)), {
    label: 'kind',
  });

test.each([
  ['a list of rows', 't.json', JSON.stringify(ROWS)],
  ['rows on lines', 't.jsonl', ROWS.map((row) => JSON.stringify(row)).join('\n')],
  ['rows in a member', 't.json', JSON.stringify({ count: 9, rows: ROWS })],
])('objects in %s become columns', async (_, name, text) => {
  const flat = await load('t.json', FLAT);
  const nested = await load(name, text);
  expect(nested.encoding).toEqual(flat.encoding);
  expect([...nested.inputs]).toEqual([...flat.inputs]);
  expect([...nested.labels]).toEqual([...flat.labels]);
});

test('new rows are read likewise, whatever lists they have beside', async () => {
  const rows = await openRows(
    temporaryFile('t.json', JSON.stringify(ROWS.map((row) => ({ ...row, tags: ['a'] })))),
  );
  expect(rows.names).toEqual(['geo.lat', 'geo.of.deg', 'geo', 'seen.by', 'kind']);
});

test('an object that no row has is missing with all of its members', async () => {
  const { encoding } = await load('t.json', ROWS);
  const none = ROWS.map(({ seen, kind }) => ({ geo: null, seen, kind }));
  const flat = none.map(({ seen, kind }) => ({
    'geo.lat': null,
    'geo.of.deg': null,
    'seen.by': seen.by,
    kind,
  }));
  const followed = async (rows: unknown) =>
    loadDataset(temporaryFile('t.json', JSON.stringify(rows)), { encoding: encoding! });
  expect([...(await followed(none)).inputs]).toEqual([...(await followed(flat)).inputs]);
  const { empty } = await openRows(temporaryFile('t.json', JSON.stringify(none)));
  expect([...empty!]).toEqual(['geo']);
  const other = ROWS.map((row) => ({ ...row, geo: 5 }));
  expect((await errorOf(() => followed(other))).message).toContain('expected a column "geo.lat"');
});

test('an empty column is no object in CSV, nor where the model has it', async () => {
  const csv = (rows: readonly string[]) => temporaryFile('t.csv', `${rows.join('\n')}\n`);
  const { encoding } = await loadDataset(
    csv(['x,x.1,kind', ...ROWS.map(({ kind }, at) => `${(at * 7) % 5},${at % 4},${kind}`)]),
  );
  const followed = (path: string) => errorOf(() => loadDataset(path, { encoding: encoding! }));
  const others = ROWS.map(({ kind }) => ({ x: null, kind }));
  for (const path of [
    csv(['x,kind', ...ROWS.map(({ kind }) => `,${kind}`)]),
    csv(['x.1,kind', ...ROWS.map(({ kind }) => `,${kind}`)]),
    temporaryFile('t.json', JSON.stringify(others)),
  ]) {
    expect((await followed(path)).message).toContain('expected a column "x');
  }
  const renamed = { ...encoding!, columns: encoding!.columns.slice(1) };
  const path = csv(['x,kind', ...ROWS.map(({ kind }) => `,${kind}`)]);
  expect((await errorOf(() => loadDataset(path, { encoding: renamed }))).message).toContain(
    'expected a column "x.1"',
  );
});

test('the label is the last column, also where the first row has nothing for an object', async () => {
  const rows = ROWS.slice(3).concat(ROWS.slice(0, 3));
  const { encoding } = await loadDataset(temporaryFile('t.json', JSON.stringify(rows)));
  expect(encoding).toMatchObject({
    label: 'kind',
    columns: [{ name: 'geo.lat' }, { name: 'geo.of.deg' }, { name: 'seen.by' }],
  });
});

test('two values of one name, and objects without end, are refused', async () => {
  const twice = [{ b: { c: 1 }, 'b.c': 2, kind: 'x' }];
  expect((await errorOf(() => load('t.json', twice))).message).toContain(
    'row 1: expected one column "b.c", received several',
  );
  const deep = `[{"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)},"kind":"x"}]`;
  expect((await errorOf(() => load('t.json', deep))).message).toContain(
    'expected objects in at most 32 others',
  );
});
