import { BitgradError } from '@bitgrad/core';
import type { Options as YargsOptions } from 'yargs';
import { textOf } from '../arguments.js';
import { type Arguments, valueOption } from '../command.js';
import { UsageError } from '../usage-error.js';

type Queue = typeof import('@bitgrad/queue');

/** What keeps a password out of command lines, which everybody on a machine can read. */
const PASSWORD = 'BITGRAD_QUEUE_PASSWORD';

/** The option that names a queue's server. */
export const queueOption: YargsOptions = valueOption(
  `redis://HOST:PORT of Redis or Valkey, rediss:// for TLS; the password better in the environment, as ${PASSWORD}`,
  undefined,
  'Queue:',
);

/** The server of a queue, as it was asked for. */
export interface QueueRequest {
  readonly url: string;
  readonly password: string | undefined;
}

/** The queue that `--queue` names; null where there is none. */
export function queueOf(argv: Arguments): QueueRequest | null {
  const url = textOf(argv, 'queue');
  if (url === undefined) return null;
  return { url, password: process.env[PASSWORD] || undefined };
}

/** @throws UsageError if there is none */
export function queueAskedFor(argv: Arguments): QueueRequest {
  const queue = queueOf(argv);
  if (queue !== null) return queue;
  throw new UsageError(
    '--queue: expected the server of a queue, received none',
    'for example --queue redis://127.0.0.1:6379',
  );
}

/** Reads the package's programs while something else is done; what is wrong with it `importQueue` says. */
export function prepareQueue(): void {
  importQueue().catch(() => undefined);
}

/** @throws BitgradError where the package is not installed */
export async function importQueue(): Promise<Queue> {
  return import('@bitgrad/queue').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new BitgradError(
      '--queue: expected the package @bitgrad/queue, which is not installed',
      'npm install @bitgrad/queue (with -g beside a bitgrad that was installed so)',
    );
  });
}
