import { AbortedError } from '@bitgrad/core';

/**
 * What a promise gives.
 *
 * @throws AbortedError as soon as the signal says so, whatever becomes of the promise
 */
export async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new AbortedError('the run was interrupted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * What comes one after another. Once the signal says so, the source is told that no more is wanted, and
 * not waited for.
 *
 * @throws AbortedError by the signal
 */
export async function* itemsUntilAborted<Item>(
  source: AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      isDone = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    // A source that failed has ended.
    isDone = !signal?.aborted;
    throw error;
  } finally {
    if (!isDone) end(iterator);
  }
}

function end(iterator: AsyncIterator<unknown>): void {
  const ended = Promise.resolve().then(() => iterator.return?.());
  ended.catch(() => undefined);
}
