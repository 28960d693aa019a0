/**
 * The one error that Bitgrad throws on purpose. Its message has one form: what was expected, what
 * was received, and, where a fix is known, a second line with it. Anything else that is thrown is
 * a bug.
 */
export class BitgradError extends Error {
  override readonly name: string = 'BitgradError';
  /** What to do about it, in one line, or undefined where no fix is known. */
  readonly fix: string | undefined;

  constructor(message: string, fix?: string) {
    super(bounded(message));
    this.fix = fix === undefined ? undefined : bounded(fix);
  }
}

/**
 * What an error repeats of somebody's file (a name in it, say) may be of any length. Less than the 2,000 letters
 * that are promised, since a place may come before it.
 */
const LONGEST_MESSAGE = 1900;

function bounded(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}

/** Thrown when training meets a value that is not finite. The run ends; nothing is saved. */
export class NonFiniteError extends BitgradError {
  override readonly name: string = 'NonFiniteError';
  /** The step of this pass, counted from 0. */
  readonly step: number;

  constructor(message: string, step: number, fix?: string) {
    super(message, fix);
    this.step = step;
  }
}

/** Thrown when a caller's AbortSignal ended a run between two steps. */
export class AbortedError extends BitgradError {
  override readonly name: string = 'AbortedError';
}

/**
 * Shows a value that somebody else supplied inside a message: short, on one line, unmistakable.
 */
export function show(value: unknown): string {
  return printable(shown(value));
}

/**
 * Control characters (C0, DEL, C1), halves of surrogate pairs, separators of lines, and what turns the
 * direction of writing around or cannot be seen.
 */
const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A text in which nothing moves a terminal's cursor, changes its settings, begins a line or turns the
 * direction of writing around: each such character as JSON writes it, as in `\\u001b` and `\\n`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const written = JSON.stringify(character).slice(1, -1);
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return written === character ? `\\u${code}` : written;
  });
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(clip(value));
  if (typeof value === 'number' || value === undefined || value === null) return String(value);
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name} of ${(value as Uint8Array).length}`;
  }
  if (typeof value === 'object') return clip(written(value));
  return clip(String(value));
}

/** As JSON writes it, with integers of any size; `object` where that cannot be done, as of one in itself. */
function written(value: object): string {
  const inDigits = (_: string, member: unknown): unknown =>
    typeof member === 'bigint' ? String(member) : member;
  try {
    return JSON.stringify(value, inDigits) ?? 'object';
  } catch {
    return 'object';
  }
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
