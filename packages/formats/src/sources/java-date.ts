/** What letters of a pattern stand for, as expressions with names; others are not read. */
const FIELDS: Readonly<Record<string, (count: number) => string>> = {
  y: (count) => (count === 2 ? '(?<short>\\d{2})' : '(?<year>\\d{4})'),
  M: (count) => (count > 2 ? '(?<word>[a-z]{3,9})' : '(?<month>\\d{1,2})'),
  d: () => '(?<day>\\d{1,2})',
  E: () => '[a-z]{3,9}',
  H: () => '(?<hour>\\d{1,2})',
  h: () => '(?<hour>\\d{1,2})',
  a: () => '(?<half>[ap]m)',
  m: () => '(?<minute>\\d{1,2})',
  s: () => '(?<second>\\d{1,2})',
  S: () => '(?<fraction>\\d{1,9})',
  Z: () => '(?<zone>[+-]\\d{4})',
  X: () => '(?<zone>Z|[+-]\\d{2}(?::?\\d{2})?)',
};
/** A run of one letter, what stands between quotes, or any other characters. */
const TOKEN = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+/g;
/** Letters without which a pattern says no day. */
const NEEDED = ['y', 'M'];

/**
 * Reads dates that are written by a pattern of Java's `SimpleDateFormat`, as ARFF has it.
 *
 * @returns what makes a text one that `parseDate` of the core reads, and leaves all others as they are; null where
 *   the pattern says no day or holds what is not read
 */
export function javaDates(pattern: string): ((text: string) => string) | null {
  const letters = new Set<string>();
  let expression = '';
  // Runs of digits without anything between them have as many as there are letters.
  const isPacked = /[yMdHhms]{3,}/.test(pattern.replace(/([A-Za-z])\1*/g, (run) => run[0]!));
  for (const [token, letter, quoted] of pattern.matchAll(TOKEN)) {
    if (letter === undefined) {
      expression += escaped(quoted === undefined ? token : quoted.replaceAll("''", "'") || "'");
      continue;
    }
    const field = FIELDS[letter];
    if (field === undefined || letters.has(letter)) return null;
    letters.add(letter);
    const digits = field(token.length);
    expression += isPacked ? digits.replace('{1,2}', '{2}') : digits;
  }
  if (!NEEDED.every((letter) => letters.has(letter))) return null;
  const whole = new RegExp(`^${expression}$`, 'i');
  return (text) => {
    const groups = whole.exec(text)?.groups;
    return groups === undefined ? text : dateOf(groups);
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** In words that `parseDate` reads whatever the order of days and months. */
function dateOf(groups: Readonly<Record<string, string | undefined>>): string {
  const {
    year,
    short,
    word,
    month,
    day = '01',
    hour,
    half,
    minute,
    second,
    fraction,
    zone,
  } = groups;
  const date =
    word === undefined
      ? `${year ?? wholeYear(short!)}-${two(month!)}-${two(day)}`
      : `${two(day)} ${word} ${year ?? wholeYear(short!)}`;
  if (hour === undefined) return date;
  const parts = fraction === undefined ? '' : `.${fraction.padStart(3, '0')}`;
  const clock = `${two(hour)}:${two(minute ?? '0')}:${two(second ?? '0')}${parts}`;
  return `${date} ${clock}${half === undefined ? '' : ` ${half.toUpperCase()}`}${zone ?? ''}`;
}

/** As POSIX has it: from 1969 to 2068. */
function wholeYear(year: string): string {
  return `${Number(year) < 69 ? 20 : 19}${year}`;
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}
