import { parseDecimal, parseInteger } from '../arguments.js';

// What options' texts stand for. A text that stands for nothing is returned as it is: the check of
// the recipe then says what it expected.

/** The text itself. */
export const asText = (text: string): unknown => text;

/** The number that it is. */
export const asDecimal = (text: string): unknown => parseDecimal(text) ?? text;

/** The integer that it is. */
export const asInteger = (text: string): unknown => parseInteger(text) ?? text;

/** Null for one word; what another parser makes of the rest. */
export const orNull =
  (word: string, parse: (text: string) => unknown) =>
  (text: string): unknown =>
    text === word ? null : parse(text);

/** The values between commas. */
export const asList =
  (parse: (text: string) => number | undefined) =>
  (text: string): unknown => {
    const values = text.split(',').map((part) => parse(part.trim()));
    return values.includes(undefined) ? text : values;
  };

/** `true` or `false`. */
export const asBoolean = (text: string): unknown =>
  text === 'true' || text === 'false' ? text === 'true' : text;
