const SHEET = /<(?:[\w.-]*:)?sheet\s[^<>]*?r:id\s*=\s*["']([^"'<>]+)["']/g;
const RELATIONSHIP = /<(?:[\w.-]*:)?Relationship\s[^<>]*>/g;
const MERGED =
  /<(?:[\w.-]*:)?mergeCell\s[^<>]*?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']/g;
/** A cell that ends behind its formula, or holds an empty value then, which of a text is its result. */
const UNCOMPUTED =
  /<(?:[\w.-]*:)?c(?![^<>]*\st\s*=\s*["']str["'])(?:\s[^<>]*)?>\s*<(?:[\w.-]*:)?f(?:\s[^<>]*)?(?:\/>|>[^<]*<\/(?:[\w.-]*:)?f>)\s*(?:<(?:[\w.-]*:)?v\s*(?:\/>|>\s*<\/(?:[\w.-]*:)?v>)\s*)?<\/(?:[\w.-]*:)?c>/g;

/**
 * What people should know of a sheet that they see otherwise than it is read: merged cells, of which only the first
 * holds a value, and formulas without a result, as programs write them that cannot compute.
 *
 * @param parts of the file, by their names
 * @param index of the sheet, from 0
 */
export function sheetNotes(
  parts: ReadonlyMap<string, Buffer>,
  index: number,
  path: string,
): string[] {
  const xml = sheetXml(parts, index);
  const merged = [...xml.matchAll(MERGED)].filter(([, , first, , last]) => first !== last);
  const uncomputed = xml.match(UNCOMPUTED)?.length ?? 0;
  const [, left, top, right, bottom] = merged[0] ?? [];
  return [
    ...(merged.length === 0
      ? []
      : [
          `${path}: merged cells, such as ${left}${top}:${right}${bottom}, hold a value in the first of them alone: the others are missing`,
        ]),
    ...(uncomputed === 0
      ? []
      : [
          `${path}: ${uncomputed} ${uncomputed === 1 ? 'formula has' : 'formulas have'} no result in the file, and ${uncomputed === 1 ? 'is' : 'are'} missing: open it in a spreadsheet program and save it`,
        ]),
  ];
}

/** A sheet's part by its place in the workbook; nothing where the file names it in another way. */
function sheetXml(parts: ReadonlyMap<string, Buffer>, index: number): string {
  const textOf = (name: string): string => parts.get(name)?.toString('latin1') ?? '';
  const [, id] = [...textOf('xl/workbook.xml').matchAll(SHEET)][index] ?? [];
  const relations = textOf('xl/_rels/workbook.xml.rels').match(RELATIONSHIP) ?? [];
  const attribute = (tag: string, name: string): string | undefined =>
    new RegExp(`\\s${name}\\s*=\\s*["']([^"'<>]*)["']`).exec(tag)?.[1];
  const target = relations
    .filter((tag) => attribute(tag, 'Id') === id)
    .map((tag) => attribute(tag, 'Target'))[0];
  if (target === undefined) return '';
  return textOf(target.startsWith('/') ? target.slice(1) : `xl/${target}`);
}
