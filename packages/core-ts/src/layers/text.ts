import { ACTIVATIONS, widthsError } from './fields.js';
import { kindOf } from './kinds.js';
import type { ImageShape } from './shape.js';
import type {
  AveragePool2dSpec,
  LayerItem,
  LayerSpec,
  LayerType,
  MaxPool2dSpec,
  Size2d,
} from './spec.js';

/** How a kind of layer is read from one word, and written as words. */
interface Words<Spec extends LayerSpec> {
  /** The description, still to be checked, that a word stands for; null where it is none of this kind. */
  readonly read: (word: string) => Readonly<Record<string, unknown>> | null;
  readonly write: (spec: Spec) => string;
}

const WORDS: { readonly [Type in LayerType]: Words<Extract<LayerSpec, { type: Type }>> } = {
  dense: {
    read: (word) => (/^\d+$/.test(word) ? { type: 'dense', units: Number(word) } : null),
    write: ({ units }) => String(units),
  },
  conv2d: {
    read: (word) => {
      const [, filters, kernelSize, strides, valid] =
        /^conv(\d+)(?::(\d+(?:x\d+)?))?(?:\/(\d+(?:x\d+)?))?(v)?$/.exec(word) ?? [];
      return filters === undefined
        ? null
        : {
            type: 'conv2d',
            filters: Number(filters),
            kernelSize: readSize(kernelSize),
            strides: readSize(strides),
            padding: valid && 'valid',
          };
    },
    write: ({ filters, kernelSize, strides, padding }) =>
      `conv${filters}${sizes(kernelSize, 3, strides, 1)}${padding === 'valid' ? 'v' : ''}`,
  },
  maxPool2d: pool('maxPool2d', 'pool'),
  averagePool2d: pool('averagePool2d', 'avgpool'),
  globalAveragePool2d: {
    read: (word) => (word === 'gap' ? { type: 'globalAveragePool2d' } : null),
    write: () => 'gap',
  },
  batchNorm: {
    read: (word) => {
      const [whole, momentum, epsilon] = /^norm(?::([^/]+)\/([^/]+))?$/.exec(word) ?? [];
      if (whole === undefined) return null;
      return {
        type: 'batchNorm',
        ...(momentum !== undefined && { momentum: Number(momentum), epsilon: Number(epsilon) }),
      };
    },
    write: ({ momentum, epsilon }) =>
      momentum === 0.9 && epsilon === 1e-5 ? 'norm' : `norm:${momentum}/${epsilon}`,
  },
  activation: {
    read: (word) =>
      ACTIVATIONS.some((name) => name === word) ? { type: 'activation', name: word } : null,
    write: ({ name }) => name,
  },
  dropout: {
    read: (word) => {
      const [, rate] = /^drop(?:out)?:(.+)$/.exec(word) ?? [];
      return rate === undefined ? null : { type: 'dropout', rate: Number(rate) };
    },
    write: ({ rate }) => `drop:${rate}`,
  },
  flatten: {
    read: (word) => (word === 'flatten' ? { type: 'flatten' } : null),
    write: () => 'flatten',
  },
};

function pool(
  type: 'maxPool2d' | 'averagePool2d',
  name: string,
): Words<MaxPool2dSpec | AveragePool2dSpec> {
  const pattern = new RegExp(`^${name}(?::?(\\d+(?:x\\d+)?))?(?:/(\\d+(?:x\\d+)?))?(s)?$`);
  return {
    read: (word) => {
      const [whole, poolSize, strides, same] = pattern.exec(word) ?? [];
      return whole === undefined
        ? null
        : {
            type,
            poolSize: readSize(poolSize),
            strides: readSize(strides),
            padding: same && 'same',
          };
    },
    write: ({ poolSize, strides, padding }) =>
      `${name}${sizes(poolSize, 2, strides, poolSize)}${padding === 'same' ? 's' : ''}`,
  };
}

/** `3`, or `3x1` for 3 rows and 1 column; undefined where nothing is written. */
function readSize(text: string | undefined): Size2d | undefined {
  if (text === undefined) return undefined;
  const [vertical, horizontal] = text.split('x').map(Number) as [number, number?];
  return horizontal === undefined ? vertical : [vertical, horizontal];
}

/** A window's size and its step, each left out where it is what is usual. */
function sizes(size: Size2d, usualSize: Size2d, step: Size2d, usualStep: Size2d): string {
  const text = (one: Size2d): string => (typeof one === 'number' ? String(one) : one.join('x'));
  const first = text(size) === text(usualSize) ? '' : `:${text(size)}`;
  return `${first}${text(step) === text(usualStep) ? '' : `/${text(step)}`}`;
}

/**
 * Reads layers as people write them: `784,32,10`, or `28x28,conv32,norm,pool,drop:0.4,128,10`. An
 * activation's name is a layer of its own; `none` takes the one before without any.
 *
 * @returns descriptions that are still to be checked
 * @throws BitgradError at a word that stands for nothing
 */
export function parseLayers(text: string): LayerItem[] {
  const items: unknown[] = [];
  for (const [at, raw] of text.split(',').entries()) {
    const word = raw.trim().toLowerCase();
    if (at === 0 && /^\d+x\d+(x\d+)?$/.test(word)) {
      const [height, width, channels = 1] = word.split('x').map(Number);
      items.push([height, width, channels] as unknown as ImageShape);
    } else if (word === 'none' && items.length > 1) {
      items.push(withoutActivation(items.pop()));
    } else items.push(readWord(word));
  }
  return items as LayerItem[];
}

function readWord(word: string): unknown {
  for (const { read } of Object.values(WORDS)) {
    const fields = read(word);
    if (fields !== null) return fields.type === 'dense' ? fields.units : filled(fields);
  }
  throw widthsError(word);
}

/** A layer's whole description, or what was read, where the check of the recipe has to say what is wrong. */
function filled(fields: Readonly<Record<string, unknown>>): unknown {
  try {
    return kindOf(fields as unknown as LayerSpec).check(fields);
  } catch {
    return fields;
  }
}

function withoutActivation(item: unknown): unknown {
  const spec = typeof item === 'number' ? { type: 'dense', units: item } : (item as object);
  return { ...spec, activation: 'none' };
}

/** Layers as one would type them. */
export function layersText(layers: readonly LayerItem[]): string {
  return layers.map(itemText).join(',');
}

function itemText(item: LayerItem): string {
  if (typeof item === 'number') return String(item);
  if (!('type' in item)) {
    const [height, width, channels] = item;
    return channels === 1 ? `${height}x${width}` : item.join('x');
  }
  const own = 'activation' in item && item.activation !== undefined ? `,${item.activation}` : '';
  return `${nodeText(item)}${own}`;
}

/** One layer as one would type it, without its own activation. */
export function nodeText(spec: LayerSpec): string {
  return (WORDS[spec.type] as Words<LayerSpec>).write(spec);
}
