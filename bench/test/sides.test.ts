import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child, SideError } from '../driver/child.mjs';
import { FAMILIES, listSides, type Variant } from '../driver/sides.mjs';
import { writeMaterial } from '../material.mjs';
import { INFERENCES, TRAININGS } from '../workloads.mjs';

const machine = { cores: 1, hasAvx512: false, pythons: [] };
let material: Awaited<ReturnType<typeof writeMaterial>>;
beforeAll(async () => {
  material = await writeMaterial();
});
afterAll(() => material.remove());

/** Runs work with the process of one of our sides. */
async function withSide<Result>(id: string, work: (child: Child) => Promise<Result>) {
  const { sides } = listSides(TRAININGS[0]!, { ...machine, cores: 2, families: ['wasm', 'ts'] });
  const child = new Child(sides.find((side) => side.id === id)!.variants[0] as Variant);
  try {
    return await work(child);
  } finally {
    child.close();
  }
}

test('Bitgrad’s sides answer with the same numbers, and measure', async () => {
  const checkOf = (child: Child) =>
    child.open(TRAININGS[0]!, material.folder).then(({ check }) => check);
  const wasm = await withSide('wasm', checkOf);
  expect(wasm).toHaveLength(2);
  expect(await withSide('wasm-2', checkOf)).toEqual(wasm);
  expect(await withSide('ts', checkOf)).toEqual(wasm);
});

test('a side measures what it opened last', async () => {
  const seconds = await withSide('wasm', async (child) => {
    await child.open(TRAININGS[0]!, material.folder);
    const { check } = await child.open(INFERENCES[0]!, material.folder);
    expect(check!.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 5);
    return child.measure(1);
  });
  expect(seconds).toBeGreaterThan(0);
});

test('a side that fails, or is no program at all, says why', async () => {
  await withSide('ts', async (child) => {
    const wrong = { ...INFERENCES[0]!, layers: [783, 10] };
    await expect(child.open(wrong, material.folder)).rejects.toThrow(SideError);
  });
  const nothing = new Child({
    form: '',
    threads: 0,
    command: `${material.folder}/nothing`,
    args: [],
    env: {},
  });
  await expect(nothing.open(INFERENCES[0]!, material.folder)).rejects.toThrow('ENOENT');
  nothing.close();
});

test('peers that are not there are named', () => {
  const { sides, missing } = listSides(INFERENCES[0]!, {
    ...machine,
    families: FAMILIES,
    pythons: [{ suffix: '', what: 'A Python', python: 'none', modules: null }],
  });
  expect(missing).toContain(
    'A Python: not there, or without NumPy (pnpm bench --install brings it)',
  );
  expect(sides.map(({ id }) => id)).toContain('ts');
});
