import { BitgradError, checkRecipe, type Recipe, show } from '@bitgrad/core';
import { isEmbedded } from '../data-options.js';
import type { Task } from '../jobs/tasks.js';
import { TABLE_OPTIONS } from '../table-options.js';

/** Options of `train` that say how data are read. Values that a queue brings can set no others. */
export const READING_OPTIONS: readonly string[] = [
  ...['recipe', 'loss', 'label', 'image-size', 'channels'],
  ...Object.keys(TABLE_OPTIONS),
];

/** Data as a job names them: no path, because each machine has them where it likes. */
export interface NamedData {
  /** What their file or folder is called. */
  readonly name: string;
  /** Whether they come along. */
  readonly isEmbedded: boolean;
  readonly sha256: string;
  /** Of `READING_OPTIONS`, as texts; for a verification only `label`, the rest says the model. */
  readonly options: Readonly<Record<string, string>>;
}

/** A job as it travels. */
export type Payload = { readonly data: NamedData } & (
  | {
      readonly kind: 'train';
      readonly recipe: Recipe;
      readonly until: number;
      /** In base64, as all bytes here. */
      readonly checkpoint: string | null;
    }
  | {
      readonly kind: 'verify';
      readonly model: string;
      readonly last: number;
      readonly checkpoint: string | null;
      readonly start: string | null;
    }
);

/** What a worker is asked: the data, and what to do with them. */
export interface Checked {
  readonly data: NamedData;
  readonly task: Task;
}

/**
 * Checks what a queue brought. Nothing of it becomes a path, code, or an option that names either.
 *
 * @throws BitgradError that names the field
 */
export function checkPayload(value: unknown): Checked {
  const fields = objectIn(value, 'job');
  const data = dataIn(fields.data);
  if (fields.kind === 'train') {
    const recipe = checkRecipe(fields.recipe as Recipe);
    const until = countIn(fields.until, 'until');
    return {
      data,
      task: { kind: 'train', recipe, until, checkpoint: maybe(fields.checkpoint, 'checkpoint') },
    };
  }
  if (fields.kind === 'verify') {
    const model = bytesIn(fields.model, 'model');
    const checkpoint = maybe(fields.checkpoint, 'checkpoint');
    const start = maybe(fields.start, 'start');
    return {
      data,
      task: { kind: 'verify', model, last: countIn(fields.last, 'last'), checkpoint, start },
    };
  }
  throw wrong('kind', 'train or verify', fields.kind);
}

function dataIn(value: unknown): NamedData {
  const { name, isEmbedded: isClaimed, sha256, options } = objectIn(value, 'data');
  if (typeof name !== 'string' || name === '') throw wrong('data.name', 'a name', name);
  if (isClaimed !== false && !(isClaimed === true && isEmbedded(name))) {
    throw wrong('data.isEmbedded', 'false, or true of what comes along', isClaimed);
  }
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw wrong('data.sha256', 'a SHA-256', sha256);
  }
  const texts = Object.entries(objectIn(options, 'data.options')).map(([option, text]) => {
    if (!READING_OPTIONS.includes(option)) {
      throw wrong('data.options', READING_OPTIONS.join(', '), option);
    }
    if (typeof text !== 'string') throw wrong(`data.options.${option}`, 'a text', text);
    return [option, text] as const;
  });
  return { name, isEmbedded: isClaimed, sha256, options: Object.fromEntries(texts) };
}

export function objectIn(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw wrong(where, 'an object', value);
}

function countIn(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw wrong(where, 'an integer of at least 1', value);
}

/** Bytes that travelled as base64. */
export function bytesIn(value: unknown, where: string): Uint8Array {
  if (typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
    return Uint8Array.from(Buffer.from(value, 'base64'));
  }
  throw wrong(where, 'bytes in base64', value);
}

function maybe(value: unknown, where: string): Uint8Array | null {
  return value === null ? null : bytesIn(value, where);
}

/** Bytes that a queue carries: as base64 less than the 512 MiB of Redis's longest text. */
const LARGEST = 2 ** 28;

/** @throws BitgradError if they are too many to travel */
export function textOfBytes(bytes: Uint8Array): string {
  if (bytes.byteLength > LARGEST) {
    throw new BitgradError(
      `queue: expected a model or checkpoint of at most ${LARGEST} bytes, received ${bytes.byteLength}`,
      'use --jobs, or --task on each machine',
    );
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function wrong(where: string, expected: string, received: unknown): BitgradError {
  return new BitgradError(`queue: ${where}: expected ${expected}, received ${show(received)}`);
}
