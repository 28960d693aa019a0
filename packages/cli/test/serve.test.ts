import { train } from 'bitgrad';
import { expect, onTestFinished, test, vi } from 'vitest';
import { eventsIn, runCli, startCli } from './run-cli.js';
import { temporaryFolder, writeFiles } from './temporary.js';

const ROWS = Array.from({ length: 40 }, (_, index) => ({
  size: index % 7,
  kind: 'ab'[index % 2]!,
}));

test.each([[], ['--workers', '1']])(
  'serve answers until it is told to end %o',
  async (...words) => {
    const folder = temporaryFolder();
    const model = await train(ROWS, { label: 'kind', epochs: 2, backend: 'ts' });
    writeFiles(folder, { 'things.safetensors': model.toBytes() });
    const answers: unknown[] = [];
    let isAsked = false;
    const line = [
      'serve',
      'things.safetensors',
      '--port',
      '0',
      '--json',
      '--backend',
      'ts',
      ...words,
    ];
    const result = await startCli(line, {
      folder,
      async onOutput(child, stdout) {
        if (isAsked || !stdout.includes('\n')) return;
        isAsked = true;
        const { url } = JSON.parse(stdout);
        const answer = await fetch(`${url}/models/things/predict`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: '{"size":3}',
        });
        answers.push(await answer.json());
        child.kill('SIGTERM');
      },
    });
    expect(result.exitCode).toBe(0);
    expect(eventsIn(result)).toMatchObject([{ event: 'listening', models: ['things'] }]);
    const { label, probabilities } = model.predict({ size: 3 });
    expect(answers).toMatchObject([{ className: label, probabilities }]);
    const logged = result.stderr
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text).event);
    expect(logged).toEqual(['listening', 'closed']);
  },
);

test('what is under way is answered when SIGTERM comes, and idle connections keep nothing up', async () => {
  const folder = temporaryFolder();
  const model = await train(ROWS, { label: 'kind', epochs: 2, backend: 'ts' });
  writeFiles(folder, { 'things.safetensors': model.toBytes() });
  const answers: Promise<Response>[] = [];
  const line = 'serve things.safetensors --port 0 --json --backend ts --batch-delay 10000';
  const result = await startCli(line.split(' '), {
    folder,
    async onOutput(child, stdout) {
      if (answers.length > 0 || !stdout.includes('\n')) return;
      const { url } = JSON.parse(stdout);
      const headers = { 'Content-Type': 'application/json' };
      const ask = () =>
        fetch(`${url}/models/things/predict`, { method: 'POST', headers, body: '{"size":3}' });
      answers.push(ask(), ask());
      // Both are there once the server has counted them; they wait for others until it ends.
      for (let count = 0; count < 2; ) {
        const metrics = await (await fetch(`${url}/metrics`)).text();
        count = Number(/^bitgrad_requests_under_way (\d+)$/m.exec(metrics)?.[1]);
      }
      child.kill('SIGTERM');
    },
  });
  const { probabilities } = model.predict({ size: 3 });
  for (const answer of answers) {
    expect(await (await answer).json()).toMatchObject({ probabilities });
  }
  expect(result).toMatchObject({ exitCode: 0, signal: null });
});

test.each([
  ['serve none.safetensors', 1, 'none.safetensors: cannot be read (ENOENT)'],
  ['serve /dev/zero', 1, '/dev/zero: '],
  ['serve things.safetensors --port 99999', 2, '--port: expected a number from 0 to 65535'],
  ['serve things.safetensors --host 0.0.0.0', 1, 'give --token, or --insecure'],
  ['serve things.safetensors --token short', 1, 'token: expected at least 16 characters'],
])('bitgrad %s', async (line, exitCode, message) => {
  vi.stubEnv('BITGRAD_TOKEN', undefined);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const folder = temporaryFolder();
  const result = await runCli([...line.split(' '), '--backend', 'ts'], { folder });
  expect(result.stderr).toContain(message);
  expect(result.exitCode).toBe(exitCode);
});
