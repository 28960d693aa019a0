import { expect, test } from 'vitest';
import { startCli } from './run-cli.js';
import { namesIn, temporaryFolder } from './temporary.js';

/** Longer than any test waits. */
const LONG = ['train', '--epochs', '100000', '--json'];

test.each(['ts', 'auto'])('Ctrl-C ends a training on %s: exit code 130, no file', async (name) => {
  const folder = temporaryFolder();
  let isSent = false;
  const result = await startCli([...LONG, '--backend', name], {
    folder,
    onOutput(child, stdout) {
      if (isSent || !stdout.includes('"start"')) return;
      isSent = true;
      setTimeout(() => child.kill('SIGINT'), 100);
    },
  });
  expect(result).toMatchObject({ exitCode: 130, stderr: 'interrupted; no model was written\n' });
  expect(result.stdout).not.toContain('"end"');
  expect(namesIn(folder)).toEqual([]);
});

test('a reader of stdout who goes away ends a training without a stack', async () => {
  const folder = temporaryFolder();
  const result = await startCli(LONG, {
    folder,
    onOutput: (child) => child.stdout?.destroy(),
  });
  expect(result).toMatchObject({
    exitCode: 1,
    stderr: 'error: nobody reads stdout any more; no model was written\n',
  });
  expect(namesIn(folder)).toEqual([]);
});
