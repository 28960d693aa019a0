import { looksAt, offsetOf, type Placed } from './operand.js';
import type { Gather, GatherAffine } from './ops.js';

/**
 * What an op is to a gather of samples most of whose values are 0, where a list of the others can
 * take the input's place.
 */
export interface FirstLayer {
  /** The product of the samples and the weights, its gradient, or that in shards. */
  readonly role: 'gather' | 'forward' | 'gradient' | 'shardedGradient';
  /** The place of the gather. */
  readonly gather: number;
  /** Whether there is a gradient. */
  readonly isTrained: boolean;
  /** The place of the forward product whose members keep their weights to themselves, or null. */
  readonly panels: number | null;
}

/** Indices in lists are 16 bits wide, and the largest is no index. */
const LARGEST_LISTED = 0xffff;
/** From so many samples on, a member's own copy of its weights pays. */
const MANY_SAMPLES = 8;
/** So many weights of a member stay in its second cache. */
const MOST_PANEL_FLOATS = 131072;

/** The ops around each gather that can do with lists, by their places. */
export function findFirstLayers(
  ops: readonly Placed[],
  updates: readonly (number | null)[],
  batchSize: number,
  members: number,
): ReadonlyMap<number, FirstLayer> {
  const found = new Map<number, FirstLayer>();
  for (const [at, gather] of ops.entries()) {
    const { op } = gather;
    if (op.op !== 'gather' && op.op !== 'gatherAffine') continue;
    const input = offsetOf(gather, 'input');
    const readers = ops.flatMap((reader, place) => {
      if (place === at || !looksAt(reader, input)) return [];
      const isOnlyA = place > at && !looksAt(reader, input, 'a');
      return [{ place, role: isOnlyA ? roleOf(reader, op) : null }];
    });
    const isSmall = op.features <= LARGEST_LISTED && batchSize < LARGEST_LISTED;
    if (!isSmall || readers.length === 0 || readers.some(({ role }) => role === null)) continue;
    const isTrained = readers.some(({ role }) => role !== 'forward');
    found.set(at, { role: 'gather', gather: at, isTrained, panels: null });
    for (const { place, role } of readers) {
      found.set(place, { role: role!, gather: at, isTrained, panels: null });
    }
  }
  if (members > 1 && batchSize >= MANY_SAMPLES) {
    for (const [at, layer] of [...found]) {
      if (layer.role === 'forward') givePanels(ops, updates, found, at, members);
    }
  }
  return found;
}

/** What a product that reads the samples as its `a` makes of them; null where they must be written. */
function roleOf({ op }: Placed, gather: Gather | GatherAffine): FirstLayer['role'] | null {
  if (op.op === 'shardedGemm') return op.m === gather.features ? 'shardedGradient' : null;
  if (op.op !== 'gemm' || op.n === 'rows' || op.transposeB) return null;
  if (op.transposeA) return op.m === gather.features && op.k === 'rows' ? 'gradient' : null;
  return op.m === 'rows' && op.k === gather.features ? 'forward' : null;
}

/**
 * Gives the forward product at `at`, and the gradients after it that make the plain update of its
 * weights on the way, panels of these, if nothing else looks at them.
 */
function givePanels(
  ops: readonly Placed[],
  updates: readonly (number | null)[],
  found: Map<number, FirstLayer>,
  at: number,
  members: number,
): void {
  const forward = ops[at]!;
  if (forward.op.op !== 'gemm') return;
  const { n, k } = forward.op as { n: number; k: number };
  const weight = offsetOf(forward, 'b');
  if (Math.floor((n * k) / members) > MOST_PANEL_FLOATS) return;
  const gradients = [...found].flatMap(([place, { role }]) => {
    const { op } = ops[place]!;
    const update = ops[updates[place] ?? -1];
    const isOwn =
      role === 'gradient' &&
      place > at &&
      update?.op.op === 'sgd' &&
      !looksAt(update, weight, 'parameter') &&
      offsetOf(update, 'parameter') === weight &&
      op.op === 'gemm' &&
      op.m === k &&
      op.n === n;
    return isOwn ? [place] : [];
  });
  const own = new Set([at, ...gradients.map((place) => updates[place]!)]);
  if (ops.some((op, place) => !own.has(place) && looksAt(op, weight))) return;
  for (const place of [at, ...gradients]) found.set(place, { ...found.get(place)!, panels: at });
}
