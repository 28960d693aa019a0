import { sha256 as sha256InJavaScript } from '@noble/hashes/sha2.js';

/**
 * SHA-256 (FIPS 180-4) of some bytes, as 64 lowercase hexadecimal digits; by WebCrypto, or in
 * JavaScript where a page is not served securely and has none.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  const digest =
    subtle === undefined
      ? sha256InJavaScript(bytes)
      : new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 of a text's UTF-8 bytes. */
export function sha256OfText(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
