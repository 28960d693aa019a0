import type { SparseRow } from './gemm.js';

/** Which features of each sample are not 0. */
export interface SampleTable {
  /** `[samples]`, bytes. */
  readonly samples: Uint8Array;
  readonly features: number;
  /** The samples' lists, one after the other, features ascending. */
  readonly lists: Uint16Array;
  /** Where each sample's list begins, and behind the last one where it ends. */
  readonly starts: Uint32Array;
}

/** Those that were made, as sessions may share samples. */
const tables = new WeakMap<
  Uint8Array,
  { sampleCount: number; features: number; table: SampleTable | null }
>();

/** `makeSampleTable`, once for all sessions that gather from the same samples, which change no more. */
export function sampleTableOf(
  samples: Uint8Array,
  sampleCount: number,
  features: number,
): SampleTable | null {
  const known = tables.get(samples);
  if (known?.features === features && known.sampleCount === sampleCount) return known.table;
  const table = makeSampleTable(samples, sampleCount, features);
  tables.set(samples, { sampleCount, features, table });
  return table;
}

/** Lists all samples. Null where most features are not 0, or too many to be listed: it pays for few. */
function makeSampleTable(
  samples: Uint8Array,
  sampleCount: number,
  features: number,
): SampleTable | null {
  if (features > 0x10000 || samples.length > 0xffffffff) return null;
  // What does not fit in is not written, and shows that there is too much.
  const lists = new Uint16Array(samples.length / 2);
  const starts = new Uint32Array(sampleCount + 1);
  let end = 0;
  for (let sample = 0, at = 0; sample < sampleCount; sample += 1) {
    for (let feature = 0; feature < features; feature += 1, at += 1) {
      if (samples[at] !== 0) {
        lists[end] = feature;
        end += 1;
      }
    }
    starts[sample + 1] = end;
  }
  return end > lists.length ? null : { samples, features, lists, starts };
}

/**
 * Makes `row` what `collect` would find in the sample once it is prepared.
 *
 * @param values what each byte becomes, or null where all but 0 become 1, as `row.values` then are
 */
export function listSample(
  { samples, features, lists, starts }: SampleTable,
  sample: number,
  values: Float32Array | null,
  bRow: number,
  row: SparseRow,
): void {
  const start = starts[sample]!;
  const count = starts[sample + 1]! - start;
  const { offsets } = row;
  for (let t = 0; t < count; t += 1) offsets[t] = lists[start + t]! * bRow;
  row.count = count;
  if (values === null) return;
  const from = sample * features;
  for (let t = 0; t < count; t += 1) row.values[t] = values[samples[from + lists[start + t]!]!]!;
}
