import { BitgradError } from '@bitgrad/core';
import { filePieces } from '../csv/file-pieces.js';
import { csvSource } from '../csv/source.js';
import { utf8Pieces } from '../csv/utf8.js';
import { type FileKind, kindOfFile } from '../kind.js';
import { maximumInputBytes } from '../limits.js';
import type { TableSource } from '../table/source.js';

/** Files that are tables of rows, however they are written. */
export type TableKind = Exclude<FileKind, 'npz' | 'npy' | 'parquet'>;

/** Whether a file's rows are read as a table's. */
export function isTableKind(kind: FileKind): kind is TableKind {
  return kind !== 'npz' && kind !== 'npy' && kind !== 'parquet';
}

/**
 * A file as a table's source, by what it holds. The other kinds' libraries are only loaded here.
 *
 * @throws BitgradError if it does not read, or is another kind of file
 */
export async function openTable(path: string): Promise<TableSource> {
  const kind = await kindOfFile(path);
  switch (kind) {
    case 'text':
    case 'gzipped text':
      return csvSource(path, kind === 'gzipped text');
    case 'json':
    case 'gzipped json': {
      const { jsonSource } = await import('./json.js');
      return jsonSource(await wholeText(path, kind === 'gzipped json'), path);
    }
    case 'arff':
    case 'gzipped arff': {
      const { arffSource } = await import('./arff.js');
      return arffSource(await wholeText(path, kind === 'gzipped arff'), path);
    }
    case 'xlsx': {
      const { xlsxSource } = await import('./xlsx.js');
      return xlsxSource(path);
    }
    case 'arrow': {
      const { arrowSource } = await import('./arrow.js');
      return arrowSource(path);
    }
    default:
      throw new BitgradError(`${path}: expected a table of rows, received ${kind}`);
  }
}

/** A whole text, in whatever encoding. */
async function wholeText(path: string, isPacked: boolean): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of utf8Pieces(filePieces(path, isPacked), path, () => undefined)) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maximumInputBytes / 2) {
      throw new BitgradError(
        `${path}: expected a text of at most ${maximumInputBytes / 2} bytes, received more`,
        'Save the table as CSV or Parquet, which are read piece by piece.',
      );
    }
  }
  return Buffer.concat(pieces).toString('utf8');
}
