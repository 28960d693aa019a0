import { constants, gunzipSync } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import { isNpy } from './arrays/npy-header.js';
import { textBeginning } from './csv/utf8.js';
import { openFile, systemReason } from './files.js';
import { isGzip } from './gunzip.js';
import { imageKind } from './images/decode.js';

/** What a file is by its first bytes; what it is called does not matter. */
export type FileKind =
  | 'npz'
  | 'npy'
  | 'parquet'
  | 'xlsx'
  | 'arrow'
  | 'arff'
  | 'gzipped arff'
  | 'json'
  | 'gzipped json'
  | 'text'
  | 'gzipped text';

/** How pickles begin: by protocols 2 to 5; by 0 and 1 with a dictionary, a list, or the name of a class. */
const PICKLES = [
  ...['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'],
  ...['(dp0\n', '(dp1\n', '(lp0\n', '(lp1\n', '}q\0', ']q\0'],
  ...['ccopy_reg\n', 'ccopyreg\n', 'cbuiltins\n', 'c__builtin__\n', 'cnumpy.', 'cpandas.'],
];

/** Files that people have beside, by their first bytes (as Latin-1) from a place on. */
const OTHERS: readonly (readonly [start: string, at: number, what: string, fix: string])[] = [
  ['%PDF', 0, 'a PDF document', 'Save the table as CSV or .xlsx.'],
  ['\xd0\xcf\x11\xe0', 0, 'an old Office document, such as .xls', 'Save it as .xlsx or CSV.'],
  ['FEA1', 0, 'a Feather file of version 1', 'Write version 2, or Parquet.'],
  ['\x89HDF', 0, 'an HDF5 file', 'Save its arrays as NPZ.'],
  ['MATLAB', 0, 'a MATLAB file', 'Save its arrays as NPZ.'],
  ['SQLite format 3', 0, 'an SQLite database', 'Save the table as CSV or Parquet.'],
  ...PICKLES.map(
    (start) =>
      [
        start,
        0,
        'a Python pickle',
        'Pickles are programs, and never loaded; save as CSV or NPZ.',
      ] as const,
  ),
  ['RDX2', 0, 'an R workspace', 'Save the table as CSV.'],
  ['RDX3', 0, 'an R workspace', 'Save the table as CSV.'],
  ['X\n\0\0\0', 0, 'an object of R (.rds)', 'Save the table as CSV.'],
  ['<stata_dta>', 0, "Stata's table", 'Save it as CSV or Parquet.'],
  ['q\x02', 0, "Stata's table", 'Save it as CSV or Parquet.'],
  ['r\x02', 0, "Stata's table", 'Save it as CSV or Parquet.'],
  ['s\x02', 0, "Stata's table", 'Save it as CSV or Parquet.'],
  ['$FL2', 0, "SPSS's table", 'Save it as CSV or Parquet.'],
  ['\xc2\xea\x81\x60', 12, "SAS's table", 'Save it as CSV or Parquet.'],
  ['Obj\x01', 0, 'an Avro file', 'Save the table as Parquet.'],
  ['ORC', 0, 'an ORC file', 'Save the table as Parquet.'],
  ['DUCK', 8, 'a DuckDB database', 'Save the table as CSV or Parquet.'],
  ['{\\rtf', 0, 'an RTF document', 'Save the table as CSV or .xlsx.'],
  ['\0\0\0\0\0{"', 3, 'weights (safetensors)', 'Data are tables, arrays or images.'],
  ['7z\xbc\xaf', 0, 'a 7z archive', 'Unpack it, and give what is in it.'],
  ['Rar!', 0, 'a RAR archive', 'Unpack it, and give what is in it.'],
  ['BZh', 0, 'a file packed by bzip2', 'Unpack it first.'],
  ['\xfd7zXZ', 0, 'a file packed by xz', 'Unpack it first.'],
  ['\x28\xb5\x2f\xfd', 0, 'a file packed by Zstandard', 'Unpack it first.'],
  ['ustar', 257, 'a tar archive', 'Unpack it, and give the folder.'],
  [
    'ftyp',
    4,
    'a single HEIC image or a video',
    'Images are read from a folder with one folder of images a class, as JPEG, PNG, WebP, GIF, TIFF or AVIF.',
  ],
  ['OggS', 0, 'a sound or video', ''],
  ['ID3', 0, 'a sound', ''],
  ['RIFF', 0, 'a sound or video', ''],
];

const MARKUP = /^<(?:\?xml|!doctype|html|table|svg)\b/i;

const sniffed = 4096;
/** Names that are looked at in a ZIP file. */
const MOST_ENTRIES = 1000;

/**
 * Finds out what a file is.
 *
 * @throws BitgradError if it is nothing that a data set can be
 */
export async function kindOfFile(path: string): Promise<FileKind> {
  const bytes = await readBeginning(path);
  if (bytes.length === 0) throw new BitgradError(`${path}: expected data, received an empty file`);
  if (startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06')) return kindOfZip(path);
  if (isNpy(bytes)) return 'npy';
  if (startsWith(bytes, 'PAR1')) return 'parquet';
  if (startsWith(bytes, 'ARROW1') || startsWith(bytes, '\xff\xff\xff\xff')) return 'arrow';
  const image = imageKind(bytes);
  if (image !== undefined) {
    throw new BitgradError(
      `${path}: expected a data set, received a single ${image} image`,
      'Images are read from a folder with one folder of images a class.',
    );
  }
  refuseOther(bytes, path);
  const text = isGzip(bytes) ? unpack(bytes, path) : bytes;
  refuseOther(text, path);
  if (startsWith(text, '\0\0')) {
    throw new BitgradError(
      `${path}: expected a data set, received a single IDX file`,
      'Give the folder that holds the images and the labels.',
    );
  }
  const words = textBeginning(text).trimStart();
  if (MARKUP.test(words)) {
    throw new BitgradError(
      `${path}: expected a data set, received an HTML or XML document`,
      'Save its table as CSV or .xlsx.',
    );
  }
  if (/^[[{]/.test(words)) return isGzip(bytes) ? 'gzipped json' : 'json';
  const isArff = /^(?:%[^\n]*\n\s*)*@(?:relation|attribute)\s/i.test(words);
  if (isArff) return isGzip(bytes) ? 'gzipped arff' : 'arff';
  return isGzip(bytes) ? 'gzipped text' : 'text';
}

/** @throws BitgradError if a file begins as something that is no data set */
function refuseOther(bytes: Uint8Array, path: string): void {
  const other = OTHERS.find(([start, at]) => startsWith(bytes.subarray(at), start));
  if (other === undefined) return;
  const [, , what, fix] = other;
  throw new BitgradError(`${path}: expected a data set, received ${what}`, fix || undefined);
}

/** What a ZIP file is, by the names in it. */
async function kindOfZip(path: string): Promise<FileKind> {
  const { default: yauzl } = await import('yauzl');
  const names: string[] = [];
  const file = await yauzl
    .openPromise(path, { autoClose: false, strictFileNames: true })
    .catch(() => null);
  // What is wrong with a damaged one, its reader says.
  if (file === null) return 'npz';
  try {
    for await (const { fileName } of file.eachEntry()) {
      if (names.push(fileName) > MOST_ENTRIES) break;
    }
  } catch {
    return 'npz';
  } finally {
    file.close();
  }
  if (names.length === 0 || names.some((name) => name.endsWith('.npy'))) return 'npz';
  if (names.includes('xl/workbook.xml')) return 'xlsx';
  const isOffice = names.includes('[Content_Types].xml') || names.includes('mimetype');
  const what = isOffice ? 'a document' : 'a ZIP file';
  throw new BitgradError(
    `${path}: expected a data set, received ${what} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''})`,
    isOffice ? 'Save its table as CSV or .xlsx.' : 'Unpack it, and give what is in it.',
  );
}

async function readBeginning(path: string): Promise<Uint8Array> {
  const file = await openFile(path);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(sniffed), 0, sniffed, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
  } finally {
    await file.close();
  }
}

function unpack(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new BitgradError(
      `${path}: expected gzip data, received bytes that do not unpack (${systemReason(error)})`,
      'The file is damaged; download it again.',
    );
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}
