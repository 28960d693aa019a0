import { checkLengths } from './xlsx-extent.js';

const BEGIN = '<![CDATA[';
const ASIDE = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * An Excel file's parts with their texts in CDATA written as other texts are: the library reads them as empty cells.
 *
 * @throws Error in words where one does not end
 */
export function withoutCdata(parts: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  return new Map(
    [...parts].map(([name, part]) => [name, part.includes(BEGIN) ? escaped(part) : part]),
  );
}

function escaped(part: Buffer): Buffer {
  const xml = part.toString('latin1');
  // Of what does not end, the pattern would be looked for again and again.
  checkLengths(xml);
  const plain = xml.replace(ASIDE, (aside, text?: string) =>
    text === undefined ? aside : text.replace(/[&<>]/g, (sign) => ESCAPES[sign]!),
  );
  return Buffer.from(plain, 'latin1');
}
