import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, onTestFinished, test, vi } from 'vitest';
import { chromiumPath, missing } from '../../scripts/require.mjs';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What somebody does with the form, whose answers are sent to the test. */
const VISIT = `
  const wait = (isThere) => new Promise((resolve) => {
    const timer = setInterval(() => { if (isThere()) { clearInterval(timer); resolve(); } }, 20);
  });
  await wait(() => document.body.dataset.ready);
  const output = document.querySelector('output');
  const ask = () => document.querySelector('form').requestSubmit();
  const answers = [document.body.dataset.ready];
  ask();
  answers.push(output.value);
  document.querySelector('[name="petal width"]').type = 'text';
  document.querySelector('[name="petal width"]').value = 'wide';
  ask();
  answers.push(output.value);
  await fetch('/done', { method: 'POST', body: JSON.stringify(answers) });
`;

test.skipIf(missing('browser'))('a form in a browser', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-form-'));
  // Processes of a browser write a moment longer than it is there.
  onTestFinished(() =>
    vi.waitFor(() => rmSync(folder, { recursive: true, force: true }), { timeout: 60_000 }),
  );
  await build({
    entryPoints: [at('../form/form.js')],
    outfile: join(folder, 'form.js'),
    bundle: true,
    format: 'esm',
    logLevel: 'error',
  });
  const page = readFileSync(at('../form/index.html'), 'utf8');
  let done: (answers: unknown) => void = () => undefined;
  const answers = new Promise((resolve) => {
    done = resolve;
  });
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      let body = '';
      for await (const piece of request) body += piece;
      response.end();
      done(JSON.parse(body));
    } else if (request.url === '/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(`${page}<script type="module">${VISIT}</script>`);
    } else if (request.url === '/form.js') {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(readFileSync(join(folder, 'form.js')));
    } else if (request.url === '/data/flowers.csv') {
      response.end(readFileSync(at('../data/flowers.csv')));
    } else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/user`];
  const browser = spawn(chromiumPath(), [...flags, `http://127.0.0.1:${port}/`], {
    stdio: 'ignore',
  });
  const ended = once(browser, 'exit');
  try {
    const [backend, flower, wrong] = (await answers) as string[];
    expect(backend).toBe('wasm');
    expect(flower).toMatch(/^a daisy, by 0\.\d{3}$/);
    expect(wrong).toContain('column "petal width": expected a number, received "wide"');
  } finally {
    browser.kill();
    await ended;
    server.closeAllConnections();
    server.close();
  }
});
