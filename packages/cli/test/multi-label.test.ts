import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, train } from 'bitgrad';
import { expect, test } from 'vitest';
import { eventsIn, runCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

/** People by age and temperature, and what they have, in three spellings of yes and no. */
const ROWS = Array.from({ length: 120 }, (_, index) => {
  const age = (index * 7919) % 90;
  const temperature = 35 + ((index * 104_729) % 60) / 10;
  return {
    age,
    temperature,
    fever: temperature > 38 ? 'yes' : 'no',
    tired: Number(age > 50),
    ill: String(temperature > 38 && age > 30),
  };
});

function folderWithPeople(): string {
  const folder = temporaryFolder();
  const lines = ROWS.map((row) => Object.values(row).join(','));
  writeFiles(folder, { 'people.csv': [Object.keys(ROWS[0]!).join(','), ...lines].join('\n') });
  return folder;
}

const TRAIN = 'train people.csv --label fever,tired,ill --epochs 30 --backend ts'.split(' ');

test('columns of yes and no are learnt as a probability each, and said', async () => {
  const folder = folderWithPeople();
  const result = await runCli([...TRAIN, '--json'], { folder });
  expect(result.stderr).toContain(
    'note: fever, tired, ill are learnt as yes or no each (loss binary-cross-entropy)',
  );
  const events = eventsIn(result);
  expect(events[0]!.recipe).toMatchObject({ name: 'table', loss: 'binary-cross-entropy' });
  const end = events.at(-1)!;
  expect(end).toMatchObject({
    testAccuracy: null,
    targets: [{ name: 'fever' }, { name: 'tired' }, { name: 'ill' }],
  });
  const { metrics, baseline } = end as Record<string, Record<string, number>>;
  expect(metrics!.accuracy).toBeGreaterThan(baseline!.accuracy!);

  const words = 'model.safetensors --data people.csv --backend ts'.split(' ');
  const evaluated = eventsIn(await runCli(['eval', ...words, '--json'], { folder })).at(-1);
  expect(evaluated).toMatchObject({ metrics: end.metrics, targets: end.targets });
  const { stdout } = await runCli(['eval', ...words], { folder });
  expect(stdout).toMatch(/^all labels right/m);
  expect(stdout).toMatch(/^ill +\d/m);
  const verified = eventsIn(await runCli(['verify', ...words, '--json'], { folder }));
  expect(verified.at(-1)).toMatchObject({ verified: true });
});

test('predictions are the labels’ own words, and the library’s', async () => {
  const folder = folderWithPeople();
  await runCli(TRAIN, { folder });
  const model = await load(join(folder, 'model.safetensors'), { backend: 'ts' });
  const expected = model.predict(ROWS) as unknown as {
    labels: string[];
    probabilities: number[];
  }[];
  writeFileSync(
    join(folder, 'new.csv'),
    ['age,temperature', ...ROWS.map(({ age, temperature }) => `${age},${temperature}`)].join('\n'),
  );
  const words = 'predict model.safetensors new.csv --backend ts'.split(' ');
  const { stdout } = await runCli([...words, '--probabilities'], { folder });
  const names = ['fever', 'tired', 'ill'];
  expect(stdout.trim().split('\n')).toEqual([
    [
      ...names.map((name) => `prediction_${name}`),
      ...names.map((name) => `probability_${name}`),
    ].join(','),
    ...expected.map(({ labels, probabilities }) => [...labels, ...probabilities].join(',')),
  ]);
  const [first] = eventsIn(await runCli([...words, '--json'], { folder }));
  expect(first).toEqual({ event: 'prediction', row: 1, ...expected[0] });
  for (const { labels } of expected) {
    expect(['no', 'yes']).toContain(labels[0]);
    expect(['0', '1']).toContain(labels[1]);
    expect(['false', 'true']).toContain(labels[2]);
  }
});

test('the library says what it learnt', async () => {
  const rows = ROWS.map(({ age, temperature, fever, ill }) => ({ age, temperature, fever, ill }));
  const options = { label: ['fever', 'ill'], loss: 'binary-cross-entropy', backend: 'ts' } as const;
  const model = await train(rows, { ...options, epochs: 5 });
  const { labels, probabilities } = model.predict({ age: 70, temperature: 40 });
  expect(labels).toHaveLength(2);
  expect(probabilities).toHaveLength(2);
  expect(model.metrics.subsetAccuracy).toBeGreaterThanOrEqual(0);
});

test.each([
  ['--label age --loss bce', 'column "age": expected two different cells, as yes and no, received'],
  ['--label fever,tired --loss cross-entropy', 'expected one column as the label of classes'],
  ['--label fever,tired --class-weights balanced', '--class-weights: expected none'],
])('what is wrong is said: %s', async (words, message) => {
  const folder = folderWithPeople();
  const line = ['train', 'people.csv', ...words.split(' '), '--backend', 'ts'];
  const { exitCode, stderr } = await runCli(line, { folder });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(message);
});
