import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { packages } from '../../../scripts/published.mjs';
import { missing, nativeAddon } from '../../../scripts/require.mjs';
import { root } from '../../../scripts/run.mjs';
import { eventsIn, type Result, startCli } from './run-cli.js';
import { SHAPES, temporaryFolder, writeShapes } from './temporary.js';

/** A copy of @bitgrad/core-native as it is installed, which may be damaged. */
interface Copy {
  readonly folder: string;
  readonly addon: string;
}

function copyOfNative(): Copy {
  const scratch = temporaryFolder();
  const folder = join(scratch, 'core-native');
  const addon = join(folder, nativeAddon.slice(join(root, 'packages', 'core-native').length));
  cpSync(join(packages, 'core-native', 'dist'), join(folder, 'dist'), { recursive: true });
  const manifest = { name: '@bitgrad/core-native', type: 'module' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  mkdirSync(join(addon, '..'), { recursive: true });
  for (const ending of ['', '.sha256']) cpSync(nativeAddon + ending, addon + ending);
  mkdirSync(join(scratch, 'node_modules', '@bitgrad'), { recursive: true });
  const core = join(scratch, 'node_modules', '@bitgrad', 'core');
  symlinkSync(join(packages, 'core-ts'), core, 'junction');
  return { folder, addon };
}

/** Trains with a copy in place of @bitgrad/core-native. */
function trainWith({ folder }: Copy, ...words: string[]): Promise<Result> {
  const moduleUrl = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
  const copy = pathToFileURL(join(folder, 'dist', 'index.js')).href;
  const hook = `export const resolve = (name, context, next) =>
    next(name === '@bitgrad/core-native' ? '${copy}' : name, context);`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(moduleUrl(hook))});`;
  const shapes = temporaryFolder();
  writeShapes(shapes);
  return startCli(['train', ...SHAPES, ...words], {
    folder: shapes,
    environment: { NODE_OPTIONS: `--import "${moduleUrl(register)}"`, BITGRAD_REQUIRE: undefined },
  });
}

function change({ addon }: Copy, edit: (bytes: Buffer) => Uint8Array, isSigned: boolean): void {
  const bytes = edit(readFileSync(addon));
  writeFileSync(addon, bytes);
  if (!isSigned) return;
  writeFileSync(`${addon}.sha256`, createHash('sha256').update(bytes).digest('hex'));
}

const flipByte = (bytes: Buffer): Uint8Array => {
  bytes[bytes.length >> 1]! ^= 1;
  return bytes;
};

/** Changes the processor in the header of a library: ELF, Mach-O or PE. */
const forAnother = (bytes: Buffer): Uint8Array => {
  const at = { linux: 18, darwin: 4 }[process.platform as string];
  bytes.writeUInt16LE(0x5032, at ?? bytes.readUInt32LE(0x3c) + 4);
  return bytes;
};

const DAMAGES: readonly (readonly [name: string, damage: (copy: Copy) => void, line: RegExp])[] = [
  ['a flipped bit', (copy) => change(copy, flipByte, false), /does not load: expected its SHA-256/],
  [
    'a file that was cut off',
    (copy) => change(copy, (bytes) => bytes.subarray(0, 100_000), false),
    /does not load: expected its SHA-256/,
  ],
  [
    'a file that is no library',
    (copy) => change(copy, () => Buffer.from('not found'), true),
    /bitgrad\.node does not load: /,
  ],
  [
    'a library for another processor',
    (copy) => change(copy, forAnother, true),
    /bitgrad\.node does not load: /,
  ],
  [
    'kernels that compute something else',
    ({ folder }) => {
      const file = join(folder, 'dist', 'index.js');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('m, n, k, 1, fractions(', 'm, n, k, 2, fractions('));
    },
    /expected its self-test on \w+ to give \w+, received \w+/,
  ],
];

test.skipIf(missing('native'))('a copy that is whole does the work', async () => {
  const [start] = eventsIn(await trainWith(copyOfNative(), '--json'));
  expect(start).toMatchObject({ backend: 'native' });
});

test.skipIf(missing('native')).each(DAMAGES)(
  '%s: WebAssembly does the work, and one line says why',
  async (_name, damage, line) => {
    const copy = copyOfNative();
    damage(copy);
    const result = await trainWith(copy, '--json');
    expect(result.exitCode).toBe(0);
    expect(eventsIn(result)[0]).toMatchObject({ backend: 'wasm' });
    expect(result.stderr).toMatch(/^native: .*; falling back\n$/);
    expect(result.stderr).toMatch(line);
    const asked = await trainWith(copy, '--backend', 'native');
    expect(asked.exitCode).toBe(1);
    expect(asked.stderr).toMatch(/^error: native: expected .*\n.*WebAssembly/);
  },
);

test.skipIf(missing('native'))(
  'where the addon is missing, the package that brings it is named',
  async () => {
    const copy = copyOfNative();
    rmSync(copy.addon);
    const { exitCode, stderr } = await trainWith(copy);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^backend {2}wasm .*; native: .*the package @bitgrad\/core-native-\S+ is not installed$/m,
    );
    const asked = await trainWith(copy, '--backend', 'native');
    expect(asked.stderr).toMatch(/\ninstall it again \(npm install @bitgrad\/core-native-/);
  },
);
