// Files that are in memory and nowhere else: what reads them by Node's modules finds them there. Reading an input by
// the system takes many times as long as what is looked at, and waits for other threads.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, resolve } from 'node:path';

const files = new Map();
const folders = new Map();
/** Numbers that no file of the system has. */
const FIRST_NUMBER = 2 ** 30;
const opened = [];

/** Puts a file there, and its folder. @param {string} path @param {Uint8Array} bytes */
export function putFile(path, bytes) {
  const place = resolve(path);
  files.set(place, bytes);
  const folder = dirname(place);
  folders.set(folder, (folders.get(folder) ?? new Set()).add(place));
}

/** Forgets all that was put there. */
export function forgetFiles() {
  files.clear();
  folders.clear();
  opened.length = 0;
}

const statsOf = (place) => ({
  size: files.get(place)?.length ?? 0,
  isFile: () => files.has(place),
  isDirectory: () => !files.has(place),
  isFIFO: () => false,
  isSocket: () => false,
  isSymbolicLink: () => false,
});

function readInto(bytes, buffer, offset, length, position) {
  const part = bytes.subarray(position, position + length);
  buffer.set(part, offset);
  return part.length;
}

const handleOf = (place) => ({
  stat: async () => statsOf(place),
  read: async (buffer, offset, length, position) => ({
    bytesRead: readInto(files.get(place), buffer, offset, length, position),
    buffer,
  }),
  close: async () => undefined,
});

const entryOf = (place) => ({ ...statsOf(place), name: place.slice(place.lastIndexOf('/') + 1) });

/** What stands in for Node's own functions where a file or folder is here. */
const PROMISED = {
  stat: async (place) => statsOf(place),
  lstat: async (place) => statsOf(place),
  open: async (place) => handleOf(place),
  realpath: async (place) => place,
  readdir: async (place) => [...folders.get(place)].map(entryOf),
};

for (const [name, ours] of Object.entries(PROMISED)) {
  const own = fs.promises[name];
  fs.promises[name] = (path, ...others) => {
    const place = typeof path === 'string' ? resolve(path) : '';
    return files.has(place) || folders.has(place) ? ours(place) : own(path, ...others);
  };
}

const { open, fstat, read, close } = fs;
const isOurs = (number) => number >= FIRST_NUMBER;
const fileOf = (number) => opened[number - FIRST_NUMBER];
Object.assign(fs, {
  open(path, ...others) {
    const place = resolve(String(path));
    if (!files.has(place)) return open(path, ...others);
    const number = FIRST_NUMBER + opened.push({ place, at: 0 }) - 1;
    queueMicrotask(() => others.at(-1)(null, number));
  },
  fstat(number, ...others) {
    if (!isOurs(number)) return fstat(number, ...others);
    queueMicrotask(() => others.at(-1)(null, statsOf(fileOf(number).place)));
  },
  read(number, ...others) {
    if (!isOurs(number)) return read(number, ...others);
    const [buffer, offset, length, position, done] = others;
    const file = fileOf(number);
    // Streams read on from where they are.
    const count = readInto(files.get(file.place), buffer, offset, length, position ?? file.at);
    file.at = (position ?? file.at) + count;
    queueMicrotask(() => done(null, count, buffer));
  },
  close(number, ...others) {
    if (!isOurs(number)) return close(number, ...others);
    queueMicrotask(() => others.at(-1)?.(null));
  },
});
syncBuiltinESMExports();
