import picocolors from 'picocolors';

type Colors = ReturnType<typeof picocolors.createColors>;

/** Writes a line of a command's result to stdout. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one JSON event to stdout, as one line. */
export function emit(event: { readonly event: string; readonly [key: string]: unknown }): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Writes a line that is no result (progress, explanations, errors) to stderr. */
export function note(line = ''): void {
  process.stderr.write(`${line}\n`);
}

/** The colours of a stream; none if it is not a terminal or NO_COLOR is set. */
export function colorsOf(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, TERM } = process.env;
  return picocolors.createColors(stream.isTTY === true && !NO_COLOR && TERM !== 'dumb');
}

/** Prints `name  value` pairs with the values in one column. */
export function printPairs(
  pairs: readonly (readonly [name: string, value: string])[],
  stream: NodeJS.WriteStream = process.stdout,
): void {
  const width = Math.max(...pairs.map(([name]) => name.length));
  const { dim } = colorsOf(stream);
  for (const [name, value] of pairs) stream.write(`${dim(name.padEnd(width))}  ${value}\n`);
}
