// Finds the byte that says whether a module's memory is shared, so that one module serves for both.

/** `limits` with a maximum, in an import of memory; with the bit SHARED, of shared memory. */
const WITH_MAXIMUM = 1;
const IMPORTS = 2;
const KINDS = { function: 0, table: 1, memory: 2, global: 3 };

/** Reads a module from its beginning. */
class Reader {
  /** Past the magic number and the version. */
  at = 8;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  byte() {
    const value = this.bytes[this.at];
    if (value === undefined) throw new Error('the module has no import of memory with a maximum');
    this.at += 1;
    return value;
  }

  /** An unsigned integer in LEB128, as all counts and sizes are. */
  integer() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** A vector of bytes, such as a name. */
  skip() {
    const length = this.integer();
    this.at += length;
  }

  limits() {
    const flags = this.byte();
    this.integer();
    if ((flags & WITH_MAXIMUM) !== 0) this.integer();
  }
}

/**
 * Where the flags of the imported memory's limits stand.
 *
 * @param {Uint8Array} bytes of a module that imports memory with a maximum, not shared
 */
export function memoryFlagsAt(bytes) {
  const reader = new Reader(bytes);
  while (reader.byte() !== IMPORTS) reader.skip();
  reader.integer();
  for (let left = reader.integer(); left > 0; left -= 1) {
    reader.skip();
    reader.skip();
    const kind = reader.byte();
    if (kind === KINDS.memory && bytes[reader.at] === WITH_MAXIMUM) return reader.at;
    if (kind === KINDS.function) reader.integer();
    else if (kind === KINDS.memory) reader.limits();
    else if (kind === KINDS.table) {
      reader.byte();
      reader.limits();
    } else if (kind === KINDS.global) {
      reader.byte();
      reader.byte();
    }
  }
  throw new Error('the module has no import of memory with a maximum');
}
