import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadAddon } from '../src/addon.js';
import { chooseTile } from '../src/tiles.js';
import { isMissing } from './support.js';

const NAMES = ['BITGRAD_KERNELS', 'HOME', 'XDG_CACHE_HOME', 'LOCALAPPDATA'] as const;
const before = NAMES.map((name) => [name, process.env[name]] as const);
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-tiles-'));
const cache = join(folder, 'cache');
const isWhereExpected = process.platform === 'linux';
const remembered = join(cache, 'bitgrad', 'tiles.json');

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

beforeEach(() => {
  set('BITGRAD_KERNELS', undefined);
  for (const name of NAMES.slice(1)) set(name, cache);
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));
afterAll(() => {
  for (const [name, value] of before) set(name, value);
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(isMissing)('the tiles of products', () => {
  const { addon } = loadAddon();
  /** An instruction set that has several. */
  const isa = addon?.isas.find((name) => addon.tiles(name).length > 1) ?? '';
  const choose = () => chooseTile(addon!, isa);

  test.skipIf(isa === '')('are measured once, and remembered', () => {
    const first = choose();
    expect(first.by).toBe('measured');
    expect(first.tiles).toContain(first.tile);
    expect(choose()).toEqual({ ...first, by: 'remembered' });
    set('BITGRAD_KERNELS', 'measure');
    expect(choose().by).toBe('measured');
  });

  test.skipIf(isa === '')('are what the environment says', () => {
    for (const tile of addon!.tiles(isa)) {
      set('BITGRAD_KERNELS', tile);
      expect(choose()).toMatchObject({ tile, by: 'environment' });
    }
    set('BITGRAD_KERNELS', 'default');
    expect(choose()).toMatchObject({ tile: addon!.tiles(isa)[0], by: 'default' });
    expect(existsSync(remembered)).toBe(false);
  });

  test('a name that is none of theirs is refused', () => {
    set('BITGRAD_KERNELS', '1x1x1');
    expect(() => chooseTile(addon!, addon!.isas[0]!)).toThrow(
      /^native: expected BITGRAD_KERNELS to be default, measure or a tile among .*, received "1x1x1"$/,
    );
  });

  test.skipIf(isa === '' || !isWhereExpected)('a file that says something else is none', () => {
    mkdirSync(join(cache, 'bitgrad'), { recursive: true });
    for (const text of ['', '[]', '"6x2x8"', '{"x":', 'null']) {
      writeFileSync(remembered, text);
      expect(choose().by).toBe('measured');
    }
    const all = JSON.parse(readFileSync(remembered, 'utf8'));
    const nonsense = Object.fromEntries(Object.keys(all).map((key) => [key, { tile: 7 }]));
    writeFileSync(remembered, JSON.stringify(nonsense));
    expect(choose().by).toBe('measured');
  });

  test.skipIf(isa === '')('where nothing can be kept, they are measured each time', () => {
    writeFileSync(cache, 'a file where a folder should be');
    expect(choose().by).toBe('measured');
    expect(choose().by).toBe('measured');
  });

  test('the addon refuses what is no tile', () => {
    expect(() => addon!.tiles('mmx')).toThrow('unknown instruction set');
    expect(() => addon!.useTile(addon!.isas[0]!, 99)).toThrow('unknown tile');
  });
});
