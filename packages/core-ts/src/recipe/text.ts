/** How a field's value is written as text: the one form of options, configuration, links and forms. */
export interface TextForm {
  /**
   * The value that a text stands for. A text that stands for none is returned as it is: the check of
   * the field then says what it expected.
   */
  readonly parse: (text: string) => unknown;
  /** A value that is not null as one would type it; `String` if left out. */
  readonly format?: (value: unknown) => string;
  /** What people write for null. */
  readonly nullWord?: string;
  /** Whether the name alone means true. */
  readonly isFlag?: boolean;
}

/** The number that a text is, in decimal notation; undefined for anything else. */
export function parseDecimal(text: string): number | undefined {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** The integer that a text is, written in digits; undefined for anything else and from 2^53 on. */
export function parseInteger(text: string): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The text itself. */
export const words: TextForm = { parse: (text) => text };

export const decimal: TextForm = { parse: (text) => parseDecimal(text.trim()) ?? text };

export const integer: TextForm = { parse: (text) => parseInteger(text.trim()) ?? text };

/** `true` or `false`. */
export const flag: TextForm = {
  parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : text),
  isFlag: true,
};

/** Values between commas. */
export function listOf(parse: (text: string) => number | undefined): TextForm {
  return {
    parse: (text) => {
      const values = text.split(',').map((part) => parse(part.trim()));
      return values.includes(undefined) ? text : values;
    },
  };
}

/** `NAME=VALUE` between commas, as an object; anything else in another form. */
export function byName(form: TextForm, parse: (text: string) => number | undefined): TextForm {
  return {
    ...form,
    parse: (text) => {
      if (!text.includes('=')) return form.parse(text);
      const pairs = text.split(',').map((part) => {
        const end = part.lastIndexOf('=');
        return [part.slice(0, end).trim(), parse(part.slice(end + 1).trim())] as const;
      });
      const isWhole = pairs.every(([name, value]) => name !== '' && value !== undefined);
      const isOnce = new Set(pairs.map(([name]) => name)).size === pairs.length;
      return isWhole && isOnce ? Object.fromEntries(pairs) : text;
    },
  };
}

/** One of some words as itself, anything else in another form. */
export function wordsOr(known: readonly string[], form: TextForm): TextForm {
  return { ...form, parse: (text) => (known.includes(text) ? text : form.parse(text)) };
}

/**
 * One of some words, in any case and with whatever between its parts; other programs' words for them
 * are understood.
 */
export function nameOf(
  known: readonly string[],
  others: Readonly<Record<string, string>> = {},
): TextForm {
  return {
    parse: (text) => {
      const plain = text
        .trim()
        .toLowerCase()
        .replaceAll(/[\s_-]+/g, '-');
      const name = Object.hasOwn(others, plain) ? others[plain]! : plain;
      return known.includes(name) ? name : text;
    },
  };
}

/** Null as a word, anything else in another form. */
export function nullable(nullWord: string, form: TextForm): TextForm {
  return { ...form, parse: (text) => (text === nullWord ? null : form.parse(text)), nullWord };
}
