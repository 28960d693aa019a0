import { AbortedError, BitgradError } from '@bitgrad/core';
import type { ErrorInWords, FromWorker, Tell, ToWorker } from './protocol.js';

const scope = globalThis as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

/** Answers the page's requests with the functions of a desk, and reports what fails in words. */
export function serve(open: (tell: Tell) => object): void {
  const desk = open((event, data) => scope.postMessage({ event, data } as FromWorker)) as Record<
    string,
    (given: unknown) => unknown
  >;
  scope.onmessage = async ({ data: { id, name, given } }) => {
    try {
      scope.postMessage({ id, answer: await desk[name]!(given) });
    } catch (error) {
      scope.postMessage({ id, error: inWords(error) });
    }
  };
}

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
