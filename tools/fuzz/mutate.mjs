/** Numbers at which sizes, counts and offsets break. */
const INTEGERS = [
  0,
  1,
  -1,
  2,
  7,
  8,
  127,
  128,
  255,
  256,
  1023,
  32767,
  65535,
  65536,
  0x7fffffff,
  0x80000000,
  0xffffffff,
  2 ** 53,
  2 ** 53 - 1,
  -(2 ** 31),
];
const NUMBERS = [
  ...INTEGERS,
  0.5,
  -0,
  1e-45,
  1e308,
  -1e308,
  3.5e38,
  Infinity,
  -Infinity,
  Number.NaN,
];
const TEXTS = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'nan',
  'inf',
  '"',
  "'",
  ',',
  ';',
  '\t',
  '\n',
  '\r\n',
  '\0',
  '\u001b[2J',
  '\u202e',
  '\ufeff',
  '\ud800',
  '../../x',
  '/etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'model:',
  '1970-01-01',
  '9999-99-99',
  '1,5',
  '%',
  '{epoch}',
  'é'.repeat(300),
  'a'.repeat(70_000),
];
const VALUES = [
  ...NUMBERS,
  ...TEXTS,
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  { a: 1 },
  Array(2000).fill(1),
];

/**
 * The same bytes with a few changes of the kinds that break readers.
 *
 * @param {Uint8Array} bytes
 * @param {import('./random.mjs').Random} random
 * @param {readonly Uint8Array[]} others which parts may come from
 */
export function mutateBytes(bytes, random, others) {
  let out = Buffer.from(bytes);
  for (let left = 1 + random.below(random.once(4) ? 16 : 3); left > 0; left -= 1) {
    out = CHANGES[random.below(CHANGES.length)](out, random, others);
  }
  return out;
}

const CHANGES = [
  (bytes, random) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.integer();
    return bytes;
  },
  (bytes, random) => putNumber(bytes, random, random.below(bytes.length)),
  // Headers are at the ends.
  (bytes, random) => putNumber(bytes, random, random.below(Math.min(64, bytes.length))),
  (bytes, random) =>
    putNumber(bytes, random, bytes.length - random.below(Math.min(64, bytes.length))),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => {
    const [start, end] = part(bytes, random);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  (bytes, random) => {
    const [start, end] = part(bytes, random);
    const times = 1 + random.below(random.once(20) ? 2000 : 3);
    const copies = Array(times).fill(bytes.subarray(start, Math.min(end, start + 256)));
    return Buffer.concat([bytes.subarray(0, end), ...copies, bytes.subarray(end)]);
  },
  (bytes, random, others) => {
    const other = random.pick(others);
    const [start, end] = part(other, random);
    const at = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(start, end), bytes.subarray(at)]);
  },
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    const text = Buffer.from(random.pick(TEXTS));
    return Buffer.concat([bytes.subarray(0, at), text, bytes.subarray(at)]);
  },
];

function putNumber(bytes, random, at) {
  const width = random.pick([1, 2, 4, 8]);
  if (at < 0 || at + width > bytes.length) return bytes;
  const value = BigInt.asUintN(8 * width, BigInt(Math.trunc(random.pick(INTEGERS))));
  for (let i = 0; i < width; i += 1) {
    const place = random.once(2) ? at + i : at + width - 1 - i;
    bytes[place] = Number((value >> BigInt(8 * i)) & 255n);
  }
  return bytes;
}

function part(bytes, random) {
  const [a, b] = [random.below(bytes.length + 1), random.below(bytes.length + 1)];
  return a < b ? [a, b] : [b, a];
}

/**
 * A copy of a structure of JSON with some of its values, members and names changed.
 *
 * @param {unknown} value
 * @param {import('./random.mjs').Random} random
 */
export function mutateStructure(value, random) {
  const copy = { root: structuredClone(value) };
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    const places = placesIn(copy);
    const [holder, key] = places[random.below(places.length)];
    switch (random.below(6)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else delete holder[key];
        break;
      case 1:
        // As JSON.parse does it: a name means nothing but itself.
        if (!Array.isArray(holder)) own(holder, random.pick(TEXTS), structuredClone(holder[key]));
        break;
      case 2:
        if (Array.isArray(holder)) holder.push(structuredClone(holder[key]));
        else holder[key] = [structuredClone(holder[key])];
        break;
      case 3:
        // Not String(), which would ask what was changed before.
        holder[key] = JSON.stringify(holder[key]) ?? '';
        break;
      case 4: {
        const [other, place] = places[random.below(places.length)];
        holder[key] = structuredClone(other[place]);
        break;
      }
      default:
        holder[key] = structuredClone(random.pick(VALUES));
    }
    if (!('root' in copy)) copy.root = null;
  }
  return copy.root;
}

function own(holder, key, value) {
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function placesIn(holder) {
  const places = [];
  const look = (object, depth) => {
    for (const key of Object.keys(object).slice(0, 200)) {
      places.push([object, key]);
      const value = object[key];
      if (typeof value === 'object' && value !== null && depth < 12) look(value, depth + 1);
    }
  };
  look(holder, 0);
  return places.length > 0 ? places : [[holder, 'root']];
}
