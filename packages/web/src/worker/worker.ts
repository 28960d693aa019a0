/** The worker's entry: it answers requests and reports what fails in words. */

import { AbortedError, BitgradError } from '@bitgrad/core';
import { type Desk, openDesk } from './desk.js';
import type { ErrorInWords, FromWorker, RequestName, ToWorker } from './protocol.js';

const scope = globalThis as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

const desk = openDesk((event, data) => scope.postMessage({ event, data } as FromWorker));

scope.onmessage = async ({ data: { id, name, given } }) => {
  try {
    const handle = desk[name] as (given: unknown) => ReturnType<Desk[RequestName]>;
    scope.postMessage({ id, answer: await handle(given) });
  } catch (error) {
    scope.postMessage({ id, error: inWords(error) });
  }
};

function inWords(error: unknown): ErrorInWords {
  const isAborted = error instanceof AbortedError;
  if (error instanceof BitgradError) return { message: error.message, fix: error.fix, isAborted };
  if (error instanceof RangeError) {
    return {
      message: `this device has not enough memory for that (${error.message})`,
      fix: 'Take a smaller network or the first part of the data.',
      isAborted,
    };
  }
  return {
    message: String(error),
    fix: 'This is a fault of the page: please report it.',
    isAborted,
  };
}
