import { BitgradError, show } from '@bitgrad/core';

/** A request that is answered with an error. */
export class RequestError extends BitgradError {
  override readonly name: string = 'RequestError';

  constructor(
    /** Of HTTP. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** @throws RequestError with status 400 */
export function refuse(expected: string, received: unknown): never {
  throw new RequestError(400, `expected ${expected}, received ${show(received)}`);
}
