import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { serve } from '../src/index.js';
import { backend, post, ROWS, serveModels, thingsModel } from './models.js';

/** Path, body, headers; the status and what the error says. */
type Case = [string, unknown, Record<string, string>, number, string];

const model = await thingsModel();

describe('a request that does not fit is told so, and the next one is answered', async () => {
  const row = ROWS[0]!;
  const json = { 'Content-Type': 'application/json' };
  const tensor = { name: 'size', datatype: 'FP64', shape: [1], data: [1] };
  const cases: Case[] = [
    ['models/things/predict', '{', json, 400, 'expected JSON'],
    ['models/things/predict', { size: 1 }, json, 400, '"colour"'],
    [
      'models/things/predict',
      { ...row, size: 'much' },
      json,
      400,
      'column "size": expected a number',
    ],
    ['models/things/predict', [row, { ...row, size: '?x' }], json, 400, 'row 2: column "size"'],
    ['models/things/predict', 'null', json, 400, 'expected a row'],
    ['models/things/predict', '7', json, 400, 'expected a row'],
    ['models/things/predict', { ...row, size: 1e300 }, json, 400, 'binary32'],
    ['models/things/predict', 'size\n1', { 'Content-Type': 'text/csv' }, 400, 'expected a header'],
    ['models/things/predict', 'size,colour\n1', { 'Content-Type': 'text/csv' }, 400, '2 cells'],
    ['models/things/predict', 'x', { 'Content-Type': 'image/png' }, 400, 'not for images'],
    ['models/things/predict', 'x', { 'Content-Type': 'text/plain' }, 415, 'expected application'],
    ['models/other/predict', row, json, 404, 'no such model'],
    ['models/..%2f..%2fetc/predict', row, json, 404, 'no such model'],
    ['nowhere', row, json, 404, 'no such page'],
    ['v1/models/things:predict', { rows: [] }, json, 400, 'expected instances'],
    ['v1/models/things:classify', {}, json, 404, 'no such page'],
    ['v2/models/things/versions/7/infer', {}, json, 404, 'no such version'],
    ['v2/models/things/infer', {}, json, 400, 'expected a list of inputs'],
    ['v2/models/things/infer', { inputs: [{}] }, json, 400, 'an input with a name'],
    ['v2/models/things/infer', { inputs: [{ ...tensor, shape: [2] }] }, json, 400, '2 elements'],
    ['v2/models/things/infer', { inputs: [{ ...tensor, shape: [-1] }] }, json, 400, 'a shape'],
    [
      'v2/models/things/infer',
      { inputs: [{ ...tensor, datatype: 'FP128' }] },
      json,
      400,
      'datatype',
    ],
    ['v2/models/things/infer', { inputs: [tensor] }, json, 400, '"colour"'],
    ['v2/models/things/infer', { inputs: [{ ...tensor, data: [{}] }] }, json, 400, 'texts or null'],
    ...[null, '1'].map(
      (odd): Case => [
        'v2/models/things/infer',
        { inputs: [{ ...tensor, name: 'input', shape: [1, 4], data: [odd, 0, 0, 1] }] },
        json,
        400,
        'numbers that binary32 can hold, received NaN',
      ],
    ),
    [
      'v2/models/things/infer',
      { inputs: [{ ...tensor, data: undefined, parameters: { binary_data_size: 2 ** 40 } }] },
      json,
      400,
      'binary bytes',
    ],
    [
      'v2/models/things/infer',
      '{}',
      { ...json, 'Inference-Header-Content-Length': '99' },
      400,
      'at most 2',
    ],
    ['models/things/predict', '['.repeat(200_000), json, 413, 'too large'],
  ];

  test.each(cases)('%s %o', async (path, body, headers, status, message) => {
    const { url, log } = await serveModels({ things: model }, { bodyBytes: 100_000 });
    const answer = await post(`${url}/${path}`, body, headers);
    expect(answer.json.error).toContain(message);
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.json)).toEqual(['error']);
    expect(log.filter((line) => line.includes('error'))).toEqual([]);
    expect((await post(`${url}/models/things/predict`, row)).status).toBe(200);
  });
});

test('nothing is said of paths, stacks and versions', async () => {
  const { url, folder } = await serveModels({ things: model });
  for (const path of ['', 'v2/models/nothing', 'v2/models/things', 'models', 'openapi.json', '%']) {
    const response = await fetch(`${url}/${path}`);
    const text = `${await response.text()}${JSON.stringify([...response.headers])}`;
    expect(text).not.toContain(folder);
    expect(text).not.toMatch(/node_modules|\.js:\d|fastify/i);
  }
});

test('a token is asked for, but not of those who ask for health', async () => {
  const token = 'a-token-of-some-length';
  const { url } = await serveModels({ things: model }, { token });
  expect((await fetch(`${url}/v2/health/live`)).status).toBe(200);
  expect((await fetch(`${url}/v2/health/ready`)).status).toBe(200);
  for (const headers of [{}, { Authorization: 'Bearer other' }, { Authorization: token }]) {
    expect((await fetch(`${url}/v2/models/things`, { headers })).status).toBe(401);
  }
  const headers = { Authorization: `Bearer ${token}` };
  expect((await fetch(`${url}/v2/models/things`, { headers })).status).toBe(200);
});

test('other machines need a token; other names lead nowhere', async () => {
  const start = (options: object) => serve({ models: [], backend, port: 0, ...options });
  await expect(start({ host: '0.0.0.0' })).rejects.toThrow('expected a token');
  await expect(start({ token: 'short' })).rejects.toThrow('at least 16 characters');
  await expect(start({})).rejects.toThrow('expected model files, received none');
  const { url } = await serveModels({ things: model });
  const socket = await connected(url);
  socket.write('GET /models HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n');
  expect(await allOf(socket)).toMatch(/^HTTP\/1\.1 403 /);
});

test('more requests than are allowed at a time get 503', async () => {
  const { url } = await serveModels({ things: model }, { requests: 1, batchDelay: 300 });
  const place = `${url}/models/things/predict`;
  const answers = await Promise.all([1, 2, 3].map(() => post(place, ROWS[0])));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 503, 503]);
  const refused = answers.find(({ status }) => status === 503);
  expect(refused!.headers.get('Retry-After')).toBe('1');
  expect((await post(place, ROWS[0])).status).toBe(200);
});

test('a request that is cut off, or is no HTTP, disturbs nobody', async () => {
  const { url } = await serveModels({ things: model });
  const place = `${url}/models/things/predict`;
  for (const text of [
    'POST /models/things/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{',
    '\x16\x03\x01garbage\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nHost',
  ]) {
    const socket = await connected(url);
    socket.write(text);
    await post(place, ROWS[0]);
    socket.destroy();
  }
  const answers = await Promise.all(ROWS.map((row) => post(place, row)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test('what is under way is answered when the server ends', async () => {
  const server = await serveModels({ things: model }, { batchDelay: 300 });
  const answer = post(`${server.url}/models/things/predict`, ROWS[0]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closed = server.close();
  expect((await answer).status).toBe(200);
  await closed;
  await expect(fetch(`${server.url}/v2`)).rejects.toThrow();
});

test('numbers for Prometheus, and a description', async () => {
  const { url } = await serveModels({ things: model });
  await post(`${url}/models/things/predict`, ROWS);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain(
    'bitgrad_requests_total{route="/models/:model/predict",status="200"} 1',
  );
  expect(metrics).toMatch(/bitgrad_batch_rows_sum\{model="things"\} 60/);
  const { openapi, paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    openapi: string;
    paths: object;
  };
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toContain('/v2/models/{model}/infer');
  const page = await fetch(url);
  expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
});

async function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function allOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
  });
  await once(socket, 'close');
  return text;
}
