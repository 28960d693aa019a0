import { sha256OfText, type Verification } from '@bitgrad/core';
import { isEmbedded } from '../data-options.js';
import { readFileBytes } from '../files.js';
import { checkVerification } from '../queue/answers.js';
import { nameOfData } from '../queue/find-data.js';
import { importQueue, type QueueRequest } from '../queue/load-queue.js';
import { type NamedData, type Payload, textOfBytes } from '../queue/payload.js';
import { firstDifference, type OnEpoch, type Verified } from './in-parts.js';
import type { Part } from './plan-stretches.js';

/**
 * Has all parts trained again by whoever works at a queue.
 *
 * @param label as it was typed, for workers, which know their data otherwise
 * @returns what all together found: the first difference of the first part that has one
 * @throws BitgradError that a worker met; AbortedError by the signal
 */
export async function verifyByQueue(
  verified: Verified,
  label: string | undefined,
  parts: readonly Part[],
  queue: QueueRequest,
  signal: AbortSignal,
  onEpoch: OnEpoch,
  onNote: (text: string) => void,
): Promise<Verification> {
  const { JobQueue } = await importQueue();
  const jobs = await JobQueue.open({ ...queue, onNote });
  const found = new Map<Part, Verification>();
  try {
    const asked = new Map<string, { readonly part: Part; readonly payload: Payload }>();
    for (const part of parts) {
      const payload = await payloadOf(verified, label, part);
      asked.set(await sha256OfText(JSON.stringify({ ...payload, first: part.first })), {
        part,
        payload,
      });
    }
    const list = [...asked].map(([name, { payload }]) => ({ name, payload }));
    await jobs.run(list, signal, {
      async onDone(name, { answer }) {
        const { part } = asked.get(name)!;
        const verification = checkVerification(answer, part.last);
        found.set(part, verification);
        if (!verification.verified) return;
        for (let epoch = part.first; epoch <= part.last; epoch += 1) {
          onEpoch(epoch, verified.receipt.epochs[epoch - 1]!);
        }
      },
      onRefused: (worker, reason) => onNote(`worker ${worker} leaves a job to others: ${reason}`),
    });
  } finally {
    await jobs.close();
  }
  return firstDifference(parts, found);
}

async function payloadOf(
  { model, receipt, data, start }: Verified,
  label: string | undefined,
  { last, from }: Part,
): Promise<Payload> {
  const named: NamedData = {
    name: nameOfData(data),
    isEmbedded: isEmbedded(data),
    sha256: receipt.dataset.sha256,
    options: label === undefined ? {} : { label },
  };
  return {
    kind: 'verify',
    data: named,
    model: textOfBytes(model),
    last,
    checkpoint: from === null ? null : textOfBytes(await readFileBytes(from)),
    start: start === null ? null : textOfBytes(start),
  };
}
