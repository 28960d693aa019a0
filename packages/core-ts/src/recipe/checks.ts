/** What a field's values are. */
export interface Check {
  /** False, or a throw, for a value that is not valid. */
  readonly isValid: (value: unknown) => unknown;
  readonly expected: string;
}

const LARGEST_COUNT = 0x7fffffff;

/** Whether a value is an integer within bounds. */
export function isCount(value: unknown, least: number, most: number = LARGEST_COUNT): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** Whether a value passes a check that may throw. */
export function passes({ isValid }: Check, value: unknown): boolean {
  try {
    return Boolean(isValid(value));
  } catch {
    return false;
  }
}

export const oneOf = (...choices: string[]): Check => ({
  isValid: (value) => choices.includes(value as string),
  expected: choices.join(', ').replace(/, ([^,]*)$/, ' or $1'),
});

export const count: Check = {
  isValid: (value) => isCount(value, 1),
  expected: 'an integer of at least 1',
};

export const countFromZero: Check = {
  isValid: (value) => isCount(value, 0),
  expected: 'an integer of at least 0',
};

export const countUpTo = (most: number): Check => ({
  isValid: (value) => isCount(value, 1, most),
  expected: `an integer from 1 to ${most}`,
});

export const coefficient: Check = {
  isValid: (value) =>
    typeof value === 'number' && value >= 0 && Number.isFinite(Math.fround(value)),
  expected: 'a number of at least 0 that binary32 can hold',
};

export const fraction: Check = {
  isValid: (value) => typeof value === 'number' && value >= 0 && Math.fround(value) < 1,
  expected: 'a number of at least 0 and below 1',
};

export const boolean: Check = {
  isValid: (value) => typeof value === 'boolean',
  expected: 'true or false',
};

/** Texts that a parser takes, which throws or gives nothing for others. */
export const parsed = (parse: (text: string) => unknown, expected: string): Check => ({
  isValid: (value) => typeof value === 'string' && parse(value),
  expected,
});

export const orNull = ({ isValid, expected }: Check): Check => ({
  isValid: (value) => value === null || isValid(value),
  expected: `${expected}, or null`,
});
