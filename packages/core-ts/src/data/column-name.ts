/** What a column is called that has no name. */
const UNNAMED = /^column \d+$/;

/** A column in a sentence: `column width`, or `column 3` where that is all its name says. */
export function inSentence(name: string): string {
  return UNNAMED.test(name) ? name : `column ${name}`;
}
