import type { Ranks } from '@bitgrad/core';

/** What all ranks have brought to a call that they make together. */
interface Meeting {
  readonly brought: Uint8Array[][];
  readonly all: Promise<void>;
  readonly end: () => void;
}

/** Ranks of one process, which take bytes from each other. */
export function makeCrew(size: number): Ranks[] {
  let meeting = openMeeting();
  const meet = async (rank: number, parts: Uint8Array[]): Promise<Uint8Array[][]> => {
    const here = meeting;
    here.brought[rank] = parts;
    if (Object.keys(here.brought).length === size) {
      meeting = openMeeting();
      here.end();
    }
    await here.all;
    return here.brought;
  };
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    async exchange(sent, sentCounts, received, receivedCounts) {
      const brought = await meet(rank, cut(sent.slice(), sentCounts));
      join(
        received,
        receivedCounts,
        brought.map((parts) => parts[rank]!),
      );
    },
    async gather(sent, received, counts) {
      const brought = await meet(rank, [sent.slice()]);
      join(
        received,
        counts,
        brought.map(([part]) => part!),
      );
    },
  }));
}

function openMeeting(): Meeting {
  let end = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { brought: [], all, end };
}

function cut(bytes: Uint8Array, counts: readonly number[]): Uint8Array[] {
  let at = 0;
  return counts.map((count) => {
    at += count;
    return bytes.subarray(at - count, at);
  });
}

function join(target: Uint8Array, counts: readonly number[], parts: readonly Uint8Array[]): void {
  let at = 0;
  for (const [rank, part] of parts.entries()) {
    if (part.length !== counts[rank]) {
      throw new Error(`rank ${rank}: expected ${counts[rank]} bytes, received ${part.length}`);
    }
    target.set(part, at);
    at += part.length;
  }
}
