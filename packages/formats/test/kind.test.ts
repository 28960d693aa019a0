import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { checkInside, listFolder, openFile, readBytes, systemReason } from '../src/files.js';
import { gunzip, gunzipBeginning, isGzip } from '../src/gunzip.js';
import { joined } from '../src/idx-dataset.js';
import { kindOfFile } from '../src/kind.js';
import { errorOf, idxBytes, temporaryFolder } from './temporary.js';
import { temporaryFile, zipBytes } from './writers.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const zip = (...names: string[]): Buffer =>
  zipBytes(Object.fromEntries(names.map((name) => [name, bytes('x')])));
/** Its second entry does not begin as one. */
const damaged = zip('a', 'b');
damaged.write('XX', damaged.lastIndexOf('PK\x01\x02'));
const JSON_TEXT = '[{"a":1}]';
const ARFF = '@relation r\n@attribute a numeric\n';

describe('what a file is', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['rows of numbers', '1,2\n', 'text'],
    ['packed rows', gzipSync('1,2\n'), 'gzipped text'],
    ['a letter', 'a', 'text'],
    ['JSON of a list', JSON_TEXT, 'json'],
    ['JSON of an object', '{"a":1}', 'json'],
    ['JSON behind white space and a mark', `\ufeff\n\t ${JSON_TEXT}`, 'json'],
    ['JSON in UTF-16', Buffer.from(`\ufeff${JSON_TEXT}`, 'utf16le'), 'json'],
    ['packed JSON', gzipSync(JSON_TEXT), 'gzipped json'],
    ['JSON later', `a${JSON_TEXT}`, 'text'],
    ['ARFF', ARFF, 'arff'],
    ['ARFF in capitals', ARFF.toUpperCase(), 'arff'],
    ['ARFF of attributes', ARFF.slice(12), 'arff'],
    ['ARFF behind comments', `% a\n%b\n  \n%\n ${ARFF}`, 'arff'],
    ['packed ARFF', gzipSync(ARFF), 'gzipped arff'],
    ['no ARFF: a comment alone', '% a\nb\n', 'text'],
    ['no ARFF: a comment on its line', `% a ${ARFF.slice(0, 11)}\n1\n`, 'text'],
    ['no ARFF: another word', '@relations r\n', 'text'],
    ['no ARFF: later', `a\n${ARFF}`, 'text'],
    ['Parquet', 'PAR1', 'parquet'],
    ['no Parquet', 'PAR2', 'text'],
    ['Arrow', 'ARROW1\0\0', 'arrow'],
    ['a stream of Arrow', bytes('\xff\xff\xff\xff\x10'), 'arrow'],
    ['NPY', bytes('\x93NUMPY\x01\0'), 'npy'],
    ['NPZ', zip('a.npy'), 'npz'],
    ['NPZ beside others', zip('readme', 'b.npy'), 'npz'],
    ['Excel', zip('[Content_Types].xml', 'xl/workbook.xml'), 'xlsx'],
    ['an empty ZIP', bytes('PK\x05\x06').subarray(0, 4), 'npz'],
    ['a damaged ZIP', bytes('PK\x03\x04'), 'npz'],
    ['a ZIP whose list is damaged', damaged, 'npz'],
    ['text of mark-up later', 'a <html>\n', 'text'],
    ['less than mark-up', '<htm>\n', 'text'],
    ['a name that begins as mark-up', '<svgs>,b\n', 'text'],
    ['a tar’s word elsewhere', 'x'.repeat(256).concat('ustar\n'), 'text'],
    ['SAS’ bytes elsewhere', bytes('x'.repeat(11).concat('\xc2\xea\x81\x60')), 'text'],
  ])('%s', async (_, contents, kind) => {
    expect(await kindOfFile(temporaryFile('file', contents))).toBe(kind);
  });

  test.each<[string, string | Uint8Array]>([
    ['a PDF document', '%PDF-1.7'],
    ['an old Office document', bytes('\xd0\xcf\x11\xe0\xa1')],
    ['a Feather file of version 1', 'FEA1'],
    ['an HDF5 file', bytes('\x89HDF\r\n')],
    ['a MATLAB file', 'MATLAB 5.0'],
    ['an SQLite database', 'SQLite format 3\0'],
    ['a Python pickle', bytes('\x80\x04\x95')],
    ['a Python pickle', '(lp0\nI1\n'],
    ['a Python pickle', 'ccopy_reg\n_reconstructor'],
    ['an R workspace', 'RDX3\nX'],
    ['an object of R', 'X\n\0\0\0\x03'],
    ['Stata', '<stata_dta><header>'],
    ['Stata', 's\x02'],
    ['SPSS', '$FL2@(#)'],
    ['SAS', bytes(`${'\0'.repeat(12)}\xc2\xea\x81\x60`)],
    ['an Avro file', 'Obj\x01'],
    ['an ORC file', 'ORC'],
    ['a DuckDB database', '12345678DUCK'],
    ['an RTF document', '{\\rtf1'],
    ['weights (safetensors)', '\x40\0\0\0\0\0\0\0{"a":1}'],
    ['a 7z archive', bytes('7z\xbc\xaf\x27\x1c')],
    ['a RAR archive', 'Rar!\x1a'],
    ['a file packed by bzip2', 'BZh9'],
    ['a file packed by xz', bytes('\xfd7zXZ\0')],
    ['a file packed by Zstandard', bytes('\x28\xb5\x2f\xfd')],
    ['a tar archive', `${'a'.repeat(257)}ustar`],
    ['a tar archive', gzipSync(`${'a'.repeat(257)}ustar`)],
    ['a single HEIC image or a video', '\0\0\0\x18ftypisom'],
    ['a sound or video', 'OggS'],
    ['a sound', 'ID3\x03'],
    ['a sound or video', 'RIFF....WAVE'],
    ['a single PNG image', bytes('\x89PNG\r\n\x1a\n')],
    ['a single IDX file', idxBytes([2], [0, 1])],
    ['a single IDX file', gzipSync(idxBytes([2], [0, 1]))],
    ['an HTML or XML document', '<!doctype html>'],
    ['an HTML or XML document', `\ufeff \n<?xml version="1.0"?>`],
    ['an HTML or XML document', '<TABLE><tr>'],
    ['an HTML or XML document', gzipSync('<html>')],
    ['a document (mimetype, b)', zip('mimetype', 'b')],
    ['a document ([Content_Types].xml)', zip('[Content_Types].xml')],
    ['a ZIP file (a, b, c)', zip('a', 'b', 'c')],
    ['a ZIP file (a, b, c, …)', zip('a', 'b', 'c', 'd')],
  ])('%s is none', async (what, contents) => {
    const path = temporaryFile('file', contents);
    const { message, fix } = await errorOf(() => kindOfFile(path));
    expect(message).toContain(`${path}: expected a data set, received ${what}`);
    const hasFix = !/^(?:a sound|a sound or video)$/.test(what);
    expect(fix === undefined).toBe(!hasFix);
    if (what.startsWith('a ZIP')) expect(fix).toContain('Unpack it');
    if (what.startsWith('a document')) expect(fix).toContain('.xlsx');
  });

  test('is told by its beginning, and refused where there is none', async () => {
    const far = `a,b\n${' '.repeat(5000)}`;
    expect(await kindOfFile(temporaryFile('file', far))).toBe('text');
    expect(await kindOfFile(temporaryFile('file', `${' '.repeat(4095)}[`))).toBe('json');
    expect(await kindOfFile(temporaryFile('file', `${' '.repeat(4096)}[`))).toBe('text');
    const names = Array.from({ length: 1100 }, (_, at) => `f${at}`);
    const many = temporaryFile('file', zip(...names, 'a.npy'));
    expect((await errorOf(() => kindOfFile(many))).message).toContain('a ZIP file (f0, f1, f2, …)');
    const some = temporaryFile('file', zip(...names.slice(0, 999), 'a.npy'));
    expect(await kindOfFile(some)).toBe('npz');
    const empty = temporaryFile('file', '');
    expect((await errorOf(() => kindOfFile(empty))).message).toBe(
      `${empty}: expected data, received an empty file`,
    );
    const packed = temporaryFile('file', Buffer.from('1f8b0000000000000000', 'hex'));
    expect((await errorOf(() => kindOfFile(packed))).message).toContain(
      `${packed}: expected gzip data, received bytes that do not unpack (Z_`,
    );
    // Only its beginning is read, and what is missing of it does not matter here.
    const long = gzipSync(Array.from({ length: 9999 }, (_, at) => Math.sin(at)).join('\n'));
    expect(await kindOfFile(temporaryFile('file', long))).toBe('gzipped text');
  });
});

describe('gzip', () => {
  test('is known by its first two bytes', () => {
    expect(['1f8b', '1f8b08'].map((hex) => isGzip(Buffer.from(hex, 'hex')))).toEqual([true, true]);
    expect(['', '1f', '1f8c', '008b', '8b1f'].some((hex) => isGzip(Buffer.from(hex, 'hex')))).toBe(
      false,
    );
  });

  test('unpacks to what its header says, and no more', async () => {
    const packed = gzipSync('12345');
    expect(Buffer.from(gunzip(packed, 5, 'file')).toString()).toBe('12345');
    expect(Buffer.from(gunzip(packed, 6, 'file')).toString()).toBe('12345');
    expect((await errorOf(() => gunzip(packed, 4, 'file'))).message).toBe(
      'file: expected 4 bytes unpacked, as its header says, received more',
    );
    const cut = await errorOf(() => gunzip(packed.subarray(0, -2), 5, 'file'));
    expect(cut.message).toMatch(
      /^file: expected gzip data, received bytes that do not unpack \(.+\)$/,
    );
  });

  test('begins with what its first 16 KiB hold', async () => {
    const packed = gzipSync('12345');
    expect(Buffer.from(gunzipBeginning(packed.subarray(0, -9), 'file')).toString()).toBe('12345');
    const noise = Uint8Array.from({ length: 40_000 }, (_, at) => (at * at * 31) >> (at % 13));
    const stored = gzipSync(noise, { level: 0 });
    const beginning = gunzipBeginning(stored, 'file');
    expect(beginning.length).toBeLessThanOrEqual(16 * 1024);
    expect([...beginning.subarray(0, 999)]).toEqual([...noise.subarray(0, 999)]);
    expect((await errorOf(() => gunzipBeginning(Buffer.of(1, 2), 'file'))).message).toContain(
      'file: ',
    );
  });
});

describe('a folder', () => {
  test('lists what is not hidden in the order of names, links as what they lead to', async () => {
    const folder = temporaryFolder({ b: Buffer.of(1), a: Buffer.of(1), '.hidden': Buffer.of(1) });
    for (const name of ['d', 'c', '.git']) mkdirSync(join(folder, name));
    expect(await listFolder(folder)).toEqual({ folders: ['c', 'd'], files: ['a', 'b'], links: [] });
    if (process.platform === 'win32') return;
    symlinkSync('c', join(folder, 'to-c'));
    symlinkSync('a', join(folder, 'to-a'));
    symlinkSync('nowhere', join(folder, 'to-none'));
    const { folders, files, links } = await listFolder(folder);
    expect(folders).toEqual(['c', 'd', 'to-c']);
    expect(files).toEqual(['a', 'b', 'to-a', 'to-none']);
    expect([...links].sort()).toEqual(['to-a', 'to-c', 'to-none']);
  });

  test.runIf(process.platform !== 'win32')('holds links that stay in it', async () => {
    const root = temporaryFolder({ outside: Buffer.of(1), '..a': Buffer.of(1) });
    const folder = join(root, 'in');
    mkdirSync(join(folder, 'deep'), { recursive: true });
    writeFileSync(join(folder, 'file'), 'x');
    writeFileSync(join(folder, '..dots'), 'x');
    const link = (to: string, name: string): string => {
      symlinkSync(to, join(folder, name));
      return join(folder, name);
    };
    const inside = [
      join(folder, 'file'),
      link('file', 'one'),
      link('../file', 'deep/two'),
      link('..dots', 'three'),
      link('deep', 'four'),
      link('.', 'five'),
    ];
    await checkInside(inside, folder);
    await checkInside([], join(folder, 'none'));
    for (const outside of [
      link('../outside', 'six'),
      link('..', 'seven'),
      link('../in/../outside', 'eight'),
    ]) {
      const error = await errorOf(() => checkInside([...inside, outside], folder));
      expect(error.message).toBe(
        `${outside}: expected a file or folder in ${folder}, received a link that leads out of it`,
      );
    }
    for (const lost of [link('nowhere', 'nine'), join(folder, 'none')]) {
      const error = await errorOf(() => checkInside([lost], folder));
      expect(error.message).toBe(`${lost}: cannot be read (ENOENT)`);
    }
  });
});

describe('a file', () => {
  test('is opened where it is a regular one', async () => {
    const path = temporaryFile('file', 'abc');
    const file = await openFile(path);
    expect((await file.stat()).size).toBe(3);
    await file.close();
    const folder = temporaryFolder();
    expect((await errorOf(() => openFile(folder))).message).toBe(
      `${folder}: expected a regular file, received a folder`,
    );
    expect((await errorOf(() => openFile(`${path}/none`))).message).toMatch(/cannot be read \(EN/);
    expect((await errorOf(() => readBytes(`${folder}/none`, 5))).message).toContain('(ENOENT)');
  });

  test('of several pieces is read as one', async () => {
    const whole = Buffer.alloc(2 ** 18 + 5, 'abcdefg');
    const path = temporaryFile('file', whole);
    expect(await readBytes(path, whole.length)).toEqual(whole);
    const empty = temporaryFile('file', '');
    expect(await readBytes(empty, 0)).toHaveLength(0);
  });

  test('fails for the system’s reason, or for what an error says', () => {
    expect(systemReason(Object.assign(new Error('words'), { code: 'EIO' }))).toBe('EIO');
    expect(systemReason(new Error('words'))).toBe('words');
  });
});

test('arrays are joined one after the other, also long ones', async () => {
  const long = Uint8Array.from({ length: 2 ** 22 + 7 }, (_, at) => at % 251);
  const all = await joined([Uint8Array.of(1, 2), long, new Uint8Array(0), Uint8Array.of(3)]);
  expect(Buffer.compare(all, Buffer.concat([Buffer.of(1, 2), long, Buffer.of(3)]))).toBe(0);
  expect(await joined([])).toEqual(new Uint8Array(0));
});
