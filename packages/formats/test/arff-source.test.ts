import { describe, expect, test } from 'vitest';
import { arffSource } from '../src/sources/arff.js';
import { javaDates } from '../src/sources/java-date.js';
import { errorOf } from './temporary.js';

async function read(text: string) {
  const source = arffSource(text, 'file');
  const rows: unknown[] = [];
  await source.scan((cells) => void rows.push([...cells]), '.');
  return { names: source.names, categories: source.categories, rows };
}
const HEAD = [
  '@relation things',
  '@attribute x numeric',
  '@attribute kind {red, "light blue", green}',
  '@attribute text string',
  '@data',
];
const rowsOf = async (...lines: string[]) => (await read([...HEAD, ...lines].join('\n'))).rows;
const refusal = async (...lines: string[]) =>
  (await errorOf(() => read([...HEAD, ...lines].join('\n')))).message;

describe('attributes', () => {
  const attribute = async (line: string, cell = '1') =>
    read(`${line}\n@attribute y real\n@data\n${cell},2`);

  test.each([
    ['@attribute x numeric', 'x', []],
    ['  @ATTRIBUTE  x\tReal  ', 'x', []],
    ["@attribute 'a b' integer", 'a b', []],
    ['@attribute "a, b" integer', 'a, b', []],
    ["@attribute 'it\\'s' numeric", "it's", []],
    ['@attribute "a \\" b" numeric', 'a " b', []],
    ['@attribute größe-1.x numeric', 'größe-1.x', []],
    ['@attribute x {1,2}', 'x', ['x']],
    ['@attribute x{1,2}', 'x', ['x']],
    ["@attribute 'x'{1,2}", 'x', ['x']],
    ['@attribute x { 1 , 2 }', 'x', ['x']],
    ['@attribute x real [0.0, 3.0]', 'x', []],
  ])('%s is called %s', async (line, name, categories) => {
    expect(await attribute(line)).toMatchObject({
      names: [name, 'y'],
      categories,
      rows: [['1', '2']],
    });
  });

  test.each([
    '@attribute x',
    '@attribute',
    'x numeric',
    '@attribute {1,2}',
    '@attributes x real',
    "@attribute 'x numeric",
  ])('%s is none', async (line) => {
    const { message } = await errorOf(() => attribute(line));
    expect(message).toMatch(/^file: line 1: expected @attribute NAME TYPE, received "/);
  });

  test('stand among other lines that say nothing of rows', async () => {
    const text = [
      '% made by hand',
      '@RELATION r',
      '',
      '@attribute x numeric',
      '@inputs x',
      '@input x',
      '@OUTPUTS y',
      '@output y',
      '  % more',
      '@attribute y numeric',
      '@Data',
      '% rows',
      '1,2',
      '',
      '  3,4  ',
    ];
    expect((await read(text.join('\n'))).rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect((await read(text.join('\r\n'))).rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test.each(['@relations', '@inputsx', '@dataset', 'x @data', 'x @inputs', 'x @relation'])(
    'are not %s',
    async (line) => {
      const { message } = await errorOf(() => read(`${line}\n@attribute y real\n@data\n1`));
      expect(message).toMatch(/^file: line 1: expected @attribute/);
    },
  );
});

describe('rows', () => {
  test.each<[string, (string | null)[]]>([
    ['1,red,a', ['1', 'red', 'a']],
    [' 1 , red , a b ', ['1', 'red', 'a b']],
    ["1,'light blue','it\\'s'", ['1', 'light blue', "it's"]],
    ['1,"light blue", "a, \\"b\\"" ', ['1', 'light blue', 'a, "b"']],
    ['?,<null>,', [null, null, null]],
    [',,', [null, null, null]],
    ['1,red,a % a comment', ['1', 'red', 'a']],
    ['1,red,5%', ['1', 'red', '5%']],
    ['5%,red ,a%% % b', ['5%', 'red', 'a%%']],
    ['1,red,5 %', ['1', 'red', '5']],
    ['1,red,%', ['1', 'red', null]],
    ["1,red,5' o'clock", ['1', 'red', "5' o'clock"]],
    ['1 \'light blue\'\t"a \\""', ['1', 'light blue', 'a "']],
    ["'1' red  'it\\'s'", ['1', 'red', "it's"]],
    ['1,red,a%b', ['1', 'red', 'a%b']],
    ["1,red,'a % b' % c, d", ['1', 'red', 'a % b']],
  ])('%s', async (line, cells) => {
    expect(await rowsOf(line)).toEqual([cells]);
  });

  test('have a cell for each attribute, and are counted from the first line', async () => {
    expect(await refusal('1,red,a', '1,red')).toBe(
      'file: line 7: expected 3 cells, one an attribute, received 2',
    );
    expect(await refusal('1,red,a,b')).toContain(
      'line 6: expected 3 cells, one an attribute, received 4',
    );
    expect(await refusal('1,red,a,')).toContain('received 4');
  });

  test.each(["1,'red,a", '1,red,"a', "1,'red' x,a", '1,"a ""b",2', "1,red, 'a"])(
    '%s does not close its cells',
    async (line) => {
      expect(await refusal(line)).toMatch(
        /^file: line 6: expected quotes and brackets to close their cells, received /,
      );
    },
  );

  test('are there', async () => {
    expect(await refusal()).toBe('file: expected rows of values, received none');
    expect(await refusal('', '% 1,red,a')).toBe('file: expected rows of values, received none');
  });
});

describe('sparse rows', () => {
  test.each<[string, (string | null)[]]>([
    ['{0 1, 1 green, 2 a}', ['1', 'green', 'a']],
    ['{2 a}', ['0', 'red', 'a']],
    ['{ 2 a , 0 5 }', ['5', 'red', 'a']],
    ['{1 \'light blue\', 2 "a, } b"}', ['0', 'light blue', 'a, } b']],
    ["{2 'it\\'s'}", ['0', 'red', "it's"]],
    ['{2\ta b}', ['0', 'red', 'a b']],
    ['{2 <null>}', ['0', 'red', null]],
    ['{2 a,}', ['0', 'red', 'a']],
    ['{2 a} % more', ['0', 'red', 'a']],
  ])('%s', async (line, cells) => {
    expect(await rowsOf(line)).toEqual([cells]);
  });

  test('of numbers and texts from a list may be empty', async () => {
    const head = ['@attribute a integer', '@attribute b {"x y",z}', '@attribute c REAL', '@data'];
    expect((await read([...head, '{}', '{ }'].join('\n'))).rows).toEqual([
      ['0', 'x y', '0'],
      ['0', 'x y', '0'],
    ]);
  });

  test.each<[string, string]>([
    ['{0 1}', 'expected a value of "text", received a sparse row without it'],
    ['{}', 'expected a value of "text", received a sparse row without it'],
    ['{3 a}', 'expected an attribute from 0 to 2, received 3'],
    ['{2 a', 'expected quotes and brackets to close their cells'],
    ["{2 'a}", 'expected quotes and brackets to close their cells'],
    ['{2}', 'expected quotes and brackets to close their cells'],
    ['{x a}', 'expected quotes and brackets to close their cells'],
    ['{-1 a}', 'expected quotes and brackets to close their cells'],
  ])('%s is refused', async (line, message) => {
    expect(await refusal(line)).toContain(`file: line 6: ${message}`);
  });

  test('of no text, nor of a date, may lack it', async () => {
    const head = ['@attribute a date "yyyy-MM-dd"', '@attribute b {x}', '@data', '{1 x}'];
    const { message, fix } = await errorOf(() => read(head.join('\n')));
    expect(message).toContain('expected a value of "a"');
    expect(fix).toContain('Only numbers');
  });

  test('of more cells than fit in memory are refused before they are read', async () => {
    const attributes = Array.from({ length: 2 ** 10 }, (_, at) => `@attribute a${at} numeric`);
    const text = (rows: number) => `${attributes.join('\n')}\n@data\n${' {}\n'.repeat(rows)}`;
    const { message, fix } = await errorOf(() => arffSource(text(2 ** 15 + 1), 'file'));
    expect(message).toBe(
      'file: expected sparse rows of at most 33554432 cells in all, those left out too, received 32769 rows of 1024 attributes',
    );
    expect(fix).toContain('Leave out attributes');
    // Neither comments nor brackets behind something count; the first row ends it.
    const others = `${'% @attribute\n'.repeat(2 ** 10)}@data\n{x}\n${'1 {\n'.repeat(2 ** 15)}`;
    const most = text(2 ** 15 - 1).replace('@data\n', others);
    expect((await errorOf(() => arffSource(most, 'file'))).message).toContain(
      'to close their cells',
    );
  });
});

describe('dates by patterns', () => {
  test('are written so that they are read', async () => {
    const text = (type: string, cell: string) =>
      read(`@attribute day date ${type}\n@attribute y numeric\n@data\n${cell},1\n?,2`);
    const rows = [
      ['2024-02-29', '1'],
      [null, '2'],
    ];
    expect((await text('"dd.MM.yyyy"', '29.2.2024')).rows).toEqual(rows);
    expect((await text("'dd MM yyyy'", "'29 02 2024'")).rows).toEqual(rows);
    expect((await text('dd/MM/yyyy', '29/02/2024')).rows).toEqual(rows);
    expect((await text('', '29.2.2024')).rows[0]).toEqual(['29.2.2024', '1']);
    expect((await text('"w yyyy"', '29.2.2024')).rows[0]).toEqual(['29.2.2024', '1']);
  });

  // As java.text.SimpleDateFormat has its letters.
  test.each([
    ['yyyy-MM-dd', '2024-02-09', '2024-02-09'],
    ['y-M-d', '2024-2-9', '2024-02-09'],
    ['yyyyMMdd', '20240209', '2024-02-09'],
    ['yyMMdd', '680209', '2068-02-09'],
    ['yy/M/d', '69/2/9', '1969-02-09'],
    ['yyyy MMM', '2024 Feb', '01 Feb 2024'],
    ['dd MMMM yyyy', '9 february 2024', '09 february 2024'],
    ['d-MMM-yy', '9-FEB-99', '09 FEB 1999'],
    ['EEE, d MMM yyyy', 'Fri, 9 Feb 2024', '09 Feb 2024'],
    ["yyyy-MM-dd'T'HH:mm:ss", '2024-02-09T03:04:05', '2024-02-09 03:04:05'],
    ["yyyy-MM-dd'T'HH:mm:ss", '2024-02-09t3:4:5', '2024-02-09 03:04:05'],
    ["yyyy-MM-dd''HH", "2024-02-09'7", '2024-02-09 07:00:00'],
    ["yyyy 'o''clock' MM HH", "2024 o'clock 02 7", '2024-02-01 07:00:00'],
    ['yyyy-MM-dd HH:mm', '2024-02-09 23:59', '2024-02-09 23:59:00'],
    ['yyyy-MM-dd hh:mm a', '2024-02-09 1:05 pm', '2024-02-09 01:05:00 PM'],
    ['yyyy-MM-dd HH:mm:ss.SSS', '2024-02-09 01:02:03.7', '2024-02-09 01:02:03.007'],
    ['yyyy-MM-dd HH:mm:ss.SSS', '2024-02-09 01:02:03.1234', '2024-02-09 01:02:03.1234'],
    ['yyyy-MM-dd HH:mm Z', '2024-02-09 01:02 +0130', '2024-02-09 01:02:00+0130'],
    ['yyyy-MM-dd HH:mmX', '2024-02-09 01:02Z', '2024-02-09 01:02:00Z'],
    ['yyyy-MM-dd HH:mmX', '2024-02-09 01:02-05', '2024-02-09 01:02:00-05'],
    ['yyyy-MM-dd HH:mmX', '2024-02-09 01:02-05:30', '2024-02-09 01:02:00-05:30'],
    ['yyyyMMddHHmmss', '20240209010203', '2024-02-09 01:02:03'],
    ['yyyy[MM](dd)*+?^$|.{}\\', '2024[2](9)*+?^$|.{}\\', '2024-02-09'],
    ['mm ss yyyy MM', '5 6 2024 2', '2024-02-01'],
  ])('%s: %s', (pattern, text, expected) => {
    expect(javaDates(pattern)!(text)).toBe(expected);
  });

  test.each([
    ['yyyy-MM-dd', '2024-02-09 '],
    ['yyyy-MM-dd', 'x2024-02-09'],
    ['yyyy-MM-dd', '24-02-09'],
    ['yy-MM-dd', '2024-02-09'],
    ['yyyy-MM-dd', '2024/02/09'],
    ['yyyy.MM', '2024x02'],
    ['yyyyMMdd', '2024209'],
    ['yyyy MMM', '2024 2'],
    ['yyyy MM', '2024 Feb'],
    ['yyyy MMM', '2024 Fe'],
    ['yyyy-MM HH:mm Z', '2024-02 01:02 0130'],
    ['yyyy-MM HH:mm:ss.S', '2024-02 01:02:03.1234567890'],
  ])('%s leaves %s as it is', (pattern, text) => {
    expect(javaDates(pattern)!(text)).toBe(text);
  });

  test.each([
    '',
    'yyyy',
    'MM',
    'dd.MM',
    'HH:mm',
    'yyyy-MM-dd G',
    'yyyy w',
    'yyyy-MM-dd yyyy',
    'yyyy-MM-ddM',
    "'yyyy' MM",
  ])('the pattern %j says no day, or what is not read', (pattern) => {
    expect(javaDates(pattern)).toBeNull();
  });
});
