import { randomInt } from 'node:crypto';
import { printable } from '@bitgrad/core/errors';
import picocolors from 'picocolors';

/** Colours a text, in which only what was coloured before keeps its colour. */
type Color = (text: string) => string;
type Colors = Readonly<Record<'bold' | 'dim' | 'red' | 'green', Color>>;

/**
 * What stands for a terminal's escape until a line is written: private characters of this process,
 * which nobody who wrote a file's name or a class's can know.
 */
const ESCAPE = String.fromCodePoint(
  ...Array.from({ length: 4 }, () => randomInt(0xf0000, 0xffffe)),
);
const ESCAPES = new RegExp(`${ESCAPE}\\[(\\d+)m`, 'gu');

let isSilent = false;

/** From now on nothing is written: of several processes that do one thing, one speaks. */
export function silence(): void {
  isSilent = true;
}

/** Ends `silence`. */
export function listen(): void {
  isSilent = false;
}

/** Writes a line of a command's result to stdout. */
export function print(line = ''): void {
  if (isSilent) return;
  process.stdout.write(`${shown(line)}\n`);
}

/** Writes one JSON event to stdout, as one line. */
export function emit(event: { readonly event: string; readonly [key: string]: unknown }): void {
  if (isSilent) return;
  process.stdout.write(`${printable(JSON.stringify(event))}\n`);
}

/** What goes on with a list: a line of its own, which no line that matters looks like. */
const INDENTED = '\n  ';

/** Writes a line that is no result (progress, explanations, errors) to stderr, and the indented ones of a list. */
export function note(line = ''): void {
  if (isSilent) return;
  process.stderr.write(`${line.split(INDENTED).map(shown).join(INDENTED)}\n`);
}

/** Waits until the system has taken all that was written, or nobody reads it any more. */
export async function written(): Promise<void> {
  const taken = (stream: NodeJS.WriteStream): Promise<void> =>
    // What went wrong with it is told after the call back.
    new Promise((resolve) => stream.write('', () => setImmediate(resolve)));
  await Promise.all([taken(process.stdout), taken(process.stderr)]);
}

/** A line as it may reach a terminal: with this program's own colours, all other controls escaped. */
export function shown(line: string): string {
  return printable(line).replace(ESCAPES, '\u001b[$1m');
}

/** The colours of a stream, for lines that are printed; none if it is not a terminal or NO_COLOR is set. */
export function colorsOf(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, TERM } = process.env;
  const isOn = stream.isTTY === true && !NO_COLOR && TERM !== 'dumb';
  const { bold, dim, red, green } = picocolors.createColors(isOn);
  const safe =
    (color: Color): Color =>
    (text) =>
      color(printable(text)).replaceAll('\u001b', ESCAPE);
  return { bold: safe(bold), dim: safe(dim), red: safe(red), green: safe(green) };
}

/** Prints `name  value` pairs with the values in one column. */
export function printPairs(
  pairs: readonly (readonly [name: string, value: string])[],
  stream: NodeJS.WriteStream = process.stdout,
): void {
  const width = Math.max(...pairs.map(([name]) => name.length));
  const { dim } = colorsOf(stream);
  for (const [name, value] of pairs)
    stream.write(`${shown(`${dim(name.padEnd(width))}  ${value}`)}\n`);
}
