import type { Readable } from 'node:stream';
import { RequestError } from './errors.js';

/** Bodies of so many bytes are always read: connections are bounded, and so are these. */
const SMALL = 65_536;

/** Whoever holds bytes of a body. */
export interface Holder {
  held: number;
}

/**
 * Reads bodies, each up to a limit and all that are there at a time up to another. Large ones share
 * what there is; small ones are not refused because others are large, slow or never end.
 */
export class Bodies {
  private held = 0;

  /**
   * @param each bytes of one body at most
   * @param all bytes of all bodies at a time, from which on only small ones are read
   */
  constructor(
    private readonly each: number,
    private readonly all: number,
  ) {}

  /**
   * Reads a body. What is held is freed by `release`.
   *
   * @param declared bytes, as the request says; NaN if it does not
   * @throws RequestError with status 413 if it is too large, 503 if too much is held
   */
  async read(stream: Readable, declared: number, holder: Holder): Promise<Buffer> {
    if (declared > this.each) throw tooLarge();
    const pieces: Buffer[] = [];
    let length = 0;
    const take = (piece: Buffer): void => {
      length += piece.length;
      if (length > this.each) throw tooLarge();
      if (length > SMALL && this.held + piece.length > this.all) {
        throw new RequestError(503, 'too many large requests at a time: try again soon');
      }
      this.held += piece.length;
      holder.held += piece.length;
      pieces.push(piece);
    };
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        stream.off('data', onData).off('end', onEnd).off('error', cutOff).off('close', cutOff);
      };
      const stop = (error: unknown): void => {
        leave();
        stream.pause();
        reject(error);
      };
      const onData = (piece: Buffer): void => {
        try {
          take(piece);
        } catch (error) {
          stop(error);
        }
      };
      const onEnd = (): void => {
        leave();
        resolve();
      };
      const cutOff = (): void => stop(new RequestError(400, 'the request was cut off'));
      stream.on('data', onData).on('end', onEnd).on('error', cutOff).on('close', cutOff);
    });
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, length);
  }

  /** Called when a request is answered or gone; more than once is allowed. */
  release(holder: Holder): void {
    this.held -= holder.held;
    holder.held = 0;
  }
}

function tooLarge(): RequestError {
  return new RequestError(413, 'the body is too large');
}
