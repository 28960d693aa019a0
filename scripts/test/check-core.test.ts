import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkFolder, checkSource } from '../check-core.mjs';

const messages = (source: string) => checkSource(source, 'source.ts').map(({ message }) => message);

describe('what the core must not hold', () => {
  test.each([
    ['y = Math.exp(x)', 'Math.exp is not'],
    ['y = Math.pow(x, 2)', 'Math.pow is not'],
    ['y = Math.random()', 'Math.random is not'],
    ['y = Math.E', 'Math.E is not'],
    ['y = Math.PI()', 'Math.PI is not'],
    ['y = Math?.exp(x)', 'Math.exp is not'],
    ['y = (Math).exp(x)', 'Math'],
    ['y = Math!.exp(x)', 'Math'],
    ['y = (Math as any).exp(x)', 'Math used as a value'],
    ["y = Math['exp'](x)", 'Math[…]'],
    ["y = Math['abs'](x)", 'Math[…]'],
    ['y = Math[`exp`](x)', 'Math[…]'],
    ['const { exp } = Math', 'Math.exp is not'],
    ['const { abs, exp: abs2 } = Math', 'Math.exp is not'],
    ["const { ['exp']: e } = Math", 'Math unpacked'],
    ["const { 'exp': e } = Math", 'Math unpacked'],
    ['const { abs, ...rest } = Math', 'Math unpacked'],
    ['({ exp } = Math)', 'Math used as a value'],
    ['const m = Math; m.exp(1)', 'Math used as a value'],
    ['const o = { Math }', 'Math used as a value'],
    ['type T = typeof Math', 'Math used as a value'],
    ['y = globalThis.Math.exp(x)', 'globalThis.Math'],
    ["y = globalThis['Math'].exp(x)", 'globalThis[…]'],
    ['const { Math: m } = globalThis', 'globalThis used as a value'],
    ['y = x ** 2', '** is Math.pow'],
    ['x **= 2', '**= is Math.pow'],
    ["import 'node:fs'", 'import of node:fs'],
    ["import type { Hash } from 'node:crypto'", 'import of node:crypto'],
    ["import fs from 'fs'", 'import of fs'],
    ["export * from 'crypto'", 'import of crypto'],
    ["export { a } from '@bitgrad/formats'", 'import of @bitgrad/formats'],
    ["import a from '@noble/hashes-not'", 'import of @noble/hashes-not'],
    ["import a from '.hidden'", 'import of .hidden'],
    ["await import('node:fs')", 'import of node:fs'],
    ['await import(name)', 'import of a name'],
    ["import fs = require('fs')", 'import by require()'],
    ["type F = import('node:fs').Stats", 'import of node:fs'],
    ["require('fs')", 'require is not'],
    ['process.env.X', 'process is not'],
    ['const o = { process }', 'process is not'],
    ['globalThis.process', 'globalThis.process'],
    ['Buffer.from(x)', 'Buffer is not'],
    ["eval('1')", 'eval is not'],
  ])('%s', (source, message) => {
    expect(messages(source)).toEqual([expect.stringContaining(message)]);
  });

  test('says the line', () => {
    expect(checkSource('const a = 1;\n\nconst b = Math.exp(a);\n', 'source.ts')).toEqual([
      { line: 3, message: "Math.exp is not on the contract's list" },
    ]);
  });

  test('finds every violation, also inside templates, in order', () => {
    const source =
      'const a = `$' + '{Math.log(1)}`;\nfunction f(x: number) { return x ** Math.sin(x); }';
    expect(messages(source)).toEqual([
      "Math.log is not on the contract's list",
      '** is Math.pow',
      "Math.sin is not on the contract's list",
    ]);
  });
});

test.each([
  'y = Math.fround(Math.sqrt(Math.abs(x)))',
  'const { fround, sqrt: root } = Math',
  'y = Math.PI * 2',
  '// Math.exp(x) ** 2, process.env',
  "/* import 'node:fs' */ const text = 'Math.exp(1) ** 2'",
  'const pattern = /Math.exp/; const label = `Math.exp ** `',
  "import { sha256 } from '@noble/hashes/sha2.js'; import a from '../a.js'; import './b.js'",
  'session.process; const o = { process: 1, Math: 2 }; interface I { process: number; Math: number }',
  'globalThis.crypto.subtle',
])('lets pass: %s', (source) => {
  expect(messages(source)).toEqual([]);
});

test('refuses a source that does not parse', () => {
  expect(() => checkSource('const = ;', 'source.ts')).toThrow('source.ts');
});

test('reads a folder with its subfolders', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-check-'));
  try {
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'good.ts'), 'export const a = 1;\n');
    writeFileSync(join(folder, 'inner', 'bad.ts'), 'export const a = Math.tanh(1);\n');
    writeFileSync(join(folder, 'notes.md'), 'Math.exp');
    const { files, lines } = checkFolder(folder);
    expect(files).toBe(2);
    expect(lines).toEqual([expect.stringMatching(/inner.bad\.ts:1: Math\.tanh/)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
