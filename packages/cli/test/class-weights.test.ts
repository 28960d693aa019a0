import { train } from 'bitgrad';
import { expect, test } from 'vitest';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

/** Things by size, of classes of which one is rare. */
const ROWS = Array.from({ length: 90 }, (_, index) => ({
  size: ((index * 7919) % 100) / 50,
  kind: index % 15 === 0 ? 'rare' : ['cup', 'bowl'][index % 2]!,
}));

function folderWithThings(): string {
  const folder = temporaryFolder();
  const lines = ROWS.map(({ size, kind }) => `${size},${kind}`);
  writeFiles(folder, { 'things.csv': ['size,kind', ...lines].join('\n') });
  return folder;
}

const words = (weights: string): string[] =>
  `train things.csv --epochs 2 --backend ts --json --class-weights ${weights}`.split(' ');

test('classes weigh by their names, and others 1, as a list does', async () => {
  const folder = folderWithThings();
  const [byName, listed] = [
    eventsIn(await runCli(words('rare=20,bowl=0.5'), { folder })),
    eventsIn(await runCli(words('0.5,1,20'), { folder })),
  ];
  expect(byName[0]!.recipe).toMatchObject({ classWeights: [0.5, 1, 20] });
  expect(byName.at(-1)!.weightsSha256).toBe(listed.at(-1)!.weightsSha256);
  const model = await train(ROWS, {
    label: 'kind',
    epochs: 1,
    backend: 'ts',
    classWeights: { rare: 20 },
  });
  expect(model.recipe.classWeights).toEqual([1, 1, 20]);
});

test('classes that a part lacks are said', async () => {
  const folder = temporaryFolder();
  const rows = ROWS.map(({ size, kind }, index) => `${size},${index === 44 ? 'single' : kind}`);
  writeFiles(folder, { 'things.csv': ['size,kind', ...rows].join('\n') });
  const line = 'train things.csv --epochs 1 --backend ts'.split(' ');
  const { stderr } = await runCli(line, { folder });
  expect(stderr).toContain(
    'note: no test sample is of class single: the scores say nothing of it\n',
  );
  const cut = [...line, '--split', 'time:0.4,0.1,0.5'];
  expect((await runCli(cut, { folder })).stderr).toContain(
    'note: no training sample is of class single: the model will not learn to say it\n',
  );
  const folds = await runCli([...line, '--folds', '4'], { folder });
  expect(folds.stderr).toContain(
    'note: in 1 of 4 folds no training sample is of class single: the model will not learn to say it\n' +
      'note: in 3 of 4 folds no test sample is of class single: the scores say nothing of it\n',
  );
});

test.each([
  ['rar=20', 2, 'expected classes of things ("bowl", "cup", "rare"), received "rar"'],
  ['rare=', 2, 'expected none, balanced'],
  ['rare=0', 2, 'expected none, balanced'],
  ['rare=2,rare=3', 2, 'expected none, balanced'],
])('what is wrong is said: %s', async (weights, exitCode, message) => {
  const result = await runCli(words(weights), { folder: folderWithThings() });
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr).toContain(`--class-weights: ${message}`);
});
