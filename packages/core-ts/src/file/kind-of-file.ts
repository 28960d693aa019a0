/** How files begin that people take for other ones; `.` stands for any character. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['BM', 'a BMP picture'],
  ['RIFF....WEBP', 'a WebP picture'],
  ['%PDF', 'a PDF document'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['\x1f\x8b', 'a gzip archive'],
  ['\x93NUMPY', 'a NumPy array'],
  ['PAR1', 'a Parquet file'],
];
const LOOKED_AT = 64;

/** What a file seems to be, by its first bytes, in words. */
export function kindOfFile(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, LOOKED_AT));
  const known = BEGINNINGS.find(([beginning]) =>
    [...beginning].every((character, at) => character === '.' || character === text[at]),
  );
  if (known) return known[1];
  const isText = [...text].every((character) => /[\t\n\r\x20-\x7e\x80-\xff]/.test(character));
  return isText ? 'a text' : 'other bytes';
}
