import { BitgradError } from '@bitgrad/core';

/** @throws BitgradError with the reason if a URL gives nothing */
export async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new BitgradError(`${url}: cannot be fetched (${(error as Error).message})`);
  });
  if (!response.ok) throw new BitgradError(`${url}: cannot be fetched (HTTP ${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}
