type Value = boolean | number | bigint | string | Struct;

/** A structure of Thrift's compact protocol: its fields by their numbers, as Parquet's headers and footers are. */
export interface Struct {
  readonly [field: number]: Value | readonly Value[];
}

/** The bytes of a structure: a number is an i32, a bigint an i64. */
export function thriftBytes(struct: Struct): number[] {
  const bytes: number[] = [];
  let last = 0;
  for (const [name, value] of Object.entries(struct)) {
    const field = Number(name);
    bytes.push(((field - last) << 4) | typeOf(value), ...valueBytes(value));
    last = field;
  }
  return [...bytes, 0];
}

function typeOf(value: Struct[number]): number {
  if (typeof value === 'boolean') return value ? 1 : 2;
  if (typeof value === 'number') return 5;
  if (typeof value === 'bigint') return 6;
  if (typeof value === 'string') return 8;
  return Array.isArray(value) ? 9 : 12;
}

function valueBytes(value: Struct[number]): readonly number[] {
  if (typeof value === 'boolean') return [];
  if (typeof value === 'number' || typeof value === 'bigint') return zigzag(BigInt(value));
  if (typeof value === 'string') return [...varint(BigInt(value.length)), ...Buffer.from(value)];
  if (!Array.isArray(value)) return thriftBytes(value as Struct);
  const type = value.length > 0 ? typeOf(value[0]) : 12;
  return [(value.length << 4) | type, ...value.flatMap(valueBytes)];
}

/** A number by turns from 0: 0, −1, 1, −2. */
export function zigzag(value: bigint): number[] {
  return varint(value < 0n ? -2n * value - 1n : 2n * value);
}

/** Seven bits a byte, the lowest first; all but the last have the high bit. */
export function varint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value % 128n) + 128, ...varint(value / 128n)];
}
