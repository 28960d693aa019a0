import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compileModule } from '../scripts/compile.mjs';
import { memoryFlagsAt } from '../scripts/memory-flags.mjs';

/** Every instruction whose rounding is an engine's choice: all relaxed ones, and any that fuses. */
const LOOSE = /\b\w+\.(relaxed_\w+|\w*madd\w*|\w*fma\w*)/;

describe('the module', () => {
  const script = fileURLToPath(new URL('disassemble.mjs', import.meta.url));
  // The disassembler is WebAssembly too, and over sooner where nothing optimises it.
  const code = spawnSync(process.execPath, ['--liftoff-only', script], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  }).stdout;

  test('fuses no product with a sum and leaves no rounding to the engine', () => {
    expect(code.split('\n').filter((line) => LOOSE.test(line))).toEqual([]);
  });

  test('is what was looked through, and the pattern would find what it looks for', () => {
    expect(code).toMatch(/\sf32x4\.mul\b/);
    for (const name of ['f32x4.relaxed_madd', 'f32x4.relaxed_nmadd', 'f32x4.relaxed_min']) {
      expect(`     1a2: \t${name}`).toMatch(LOOSE);
    }
  });

  test('is small, and asks for nothing but memory and a way to wait for others', async () => {
    const bytes = await compileModule();
    // Layers of images (convolutions, pooling, normalisation) are 30,000 of them.
    expect(bytes.length).toBeLessThan(130_000);
    const module = await WebAssembly.compile(Uint8Array.from(bytes));
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
      { module: 'env', name: 'meet', kind: 'function' },
    ]);
  });

  test('is for shared memory when one byte is changed, and for no other then', async () => {
    const bytes = Uint8Array.from(await compileModule());
    const instantiate = async (shared: boolean): Promise<unknown> => {
      const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared });
      return WebAssembly.instantiate(bytes, { env: { memory, meet: () => 0 } });
    };
    await instantiate(false);
    await expect(instantiate(true)).rejects.toThrow(WebAssembly.LinkError);
    bytes[memoryFlagsAt(bytes)] = 3;
    await instantiate(true);
    await expect(instantiate(false)).rejects.toThrow(WebAssembly.LinkError);
    expect(() => memoryFlagsAt(bytes)).toThrow('no import of memory with a maximum');
  });
});
