import type { Dataset } from '../dataset.js';
import { datasetSha256 } from '../file/digest.js';
import { Memory } from '../program/memory.js';
import { type Layout, planMemory, type SliceDeclaration } from '../program/program.js';
import { checkAlike, type Ranks, together } from './ranks.js';

/** Memory that ranks share, which sessions may gather from as it is. */
const sharedBuffers = new WeakSet<ArrayBufferLike>();

/**
 * Lets the ranks of one machine share one copy of their data, laid out as programs gather it.
 *
 * @returns the same data set over that memory, so that the given one can be let go; null where there is
 *   no such memory, as for a rank alone on its machine
 * @throws BitgradError, on all ranks, where one has other data
 */
export async function shareDataset(ranks: Ranks, dataset: Dataset): Promise<Dataset | null> {
  if (ranks.share === undefined) return null;
  const layout = layoutOf(dataset);
  if (sharedMemoryOf(dataset, layout) !== null) return dataset;
  const digest = await datasetSha256(dataset);
  await checkAlike(ranks, [['data', digest]]);
  const shared = await ranks.share(layout.bytes);
  const memory = shared && new Memory(layout, shared.buffer);
  await together(ranks, async () => {
    if (memory !== null && shared?.isFirst) write(memory, dataset);
  });
  if (shared === null || memory === null) return null;
  sharedBuffers.add(shared.buffer);
  const { inputs, values, sha256 = digest } = dataset;
  return {
    ...dataset,
    sha256,
    inputs: inputs instanceof Uint8Array ? memory.u8('samples') : memory.f32('samples'),
    ...(values === undefined ? { labels: memory.u32('labels') } : { values: memory.f32('values') }),
  };
}

function layoutOf({ inputs, labels, values, features }: Dataset): Layout {
  const slices: SliceDeclaration[] = [
    ['samples', inputs instanceof Uint8Array ? 'u8' : 'f32', inputs.length / features, features],
    values === undefined ? ['labels', 'u32', labels.length] : ['values', 'f32', values.length],
  ];
  return planMemory(slices);
}

function write(memory: Memory, { inputs, labels, values }: Dataset): void {
  if (inputs instanceof Uint8Array) memory.u8('samples').set(inputs);
  else memory.f32('samples').set(inputs);
  if (values === undefined) memory.u32('labels').set(labels);
  else memory.f32('values').set(values);
}

/** The memory in which a data set lies just as a program gathers it, if ranks share it; else null. */
export function sharedMemoryOf(dataset: Dataset, layout: Layout): ArrayBuffer | null {
  const { buffer } = dataset.inputs;
  if (!sharedBuffers.has(buffer) || buffer.byteLength < layout.bytes) return null;
  const parts: Record<string, ArrayBufferView> = {
    samples: dataset.inputs,
    labels: dataset.labels,
    ...(dataset.values && { values: dataset.values }),
  };
  const isInPlace = layout.slices.every(({ name, offset, length }) => {
    const part = parts[name] as Uint8Array | undefined;
    return part?.buffer === buffer && part.byteOffset === offset && part.length === length;
  });
  return isInPlace ? (buffer as ArrayBuffer) : null;
}
