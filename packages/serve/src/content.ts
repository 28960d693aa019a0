import type { IncomingHttpHeaders } from 'node:http';
import { show } from '@bitgrad/core';
import { RequestError } from './errors.js';

const DECODER = new TextDecoder('utf-8', { fatal: true });

/**
 * Refuses bodies that would be read as what they are not: compressed ones, and texts in another
 * encoding than UTF-8.
 *
 * @throws RequestError with status 415
 */
export function checkContent(headers: IncomingHttpHeaders): void {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity') {
    throw new RequestError(
      415,
      `expected a body that is not compressed, received Content-Encoding ${show(coding)}`,
    );
  }
  const [, charset = 'utf-8'] =
    /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '') ?? [];
  if (!/^(?:utf-?8|us-ascii)$/i.test(charset)) {
    throw new RequestError(415, `expected a text in UTF-8, received charset ${show(charset)}`);
  }
}

/**
 * A text's bytes, after a byte order mark if there is one.
 *
 * @throws RequestError if they are no UTF-8: a category would otherwise become another
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new RequestError(400, 'expected a text in UTF-8, received bytes that are none');
  }
}
