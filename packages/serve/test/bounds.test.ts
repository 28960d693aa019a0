import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
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
  const tensors = [tensor, { name: 'colour', datatype: 'BYTES', shape: [1, 1], data: ['red'] }];
  const csv = { 'Content-Type': 'text/csv' };
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
    [
      'v2/models/things/infer',
      { inputs: [{ ...tensor, data: [{}] }] },
      json,
      400,
      'numbers of FP64 or null',
    ],
    [
      'v2/models/things/infer',
      { inputs: [{ ...tensor, name: 'input', shape: [1, 4], data: [null, 0, 0, 1] }] },
      json,
      400,
      'numbers that binary32 can hold, received NaN',
    ],
    [
      'v2/models/things/infer',
      { inputs: [{ ...tensor, name: 'input', shape: [1, 4], data: ['1', 0, 0, 1] }] },
      json,
      400,
      'numbers of FP64 or null in input',
    ],
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
    ['models/things/predict', '', json, 400, 'expected a body, received none'],
    ['models/things/predict', '{"size":NaN}', json, 400, 'expected JSON'],
    [
      'models/things/predict',
      Buffer.from('{"size":1,"colour":"gr\xfcn"}', 'latin1'),
      json,
      400,
      'expected a text in UTF-8',
    ],
    ['models/things/predict', 'size,colour,size\n1,red,2', csv, 400, 'different names'],
    ['models/things/predict', 'x', { 'Content-Type': 'text/csv; charset=latin1' }, 415, 'latin1'],
    ...['models/things/predict', 'v1/models/things:predict', 'v2/models/things/infer'].map(
      (path): Case => [path, gzipSync('{}'), { ...json, 'Content-Encoding': 'gzip' }, 415, 'gzip'],
    ),
    ['models', row, json, 405, 'expected GET, HEAD, OPTIONS, received POST'],
    ['%', row, json, 400, 'the address cannot be read'],
    [`models/${'a'.repeat(600)}/predict`, row, json, 414, 'the address is too long'],
    ['models/__proto__/predict', row, json, 404, 'no such model'],
    ['models/things/predict', '{"__proto__":{"size":1,"colour":"red"}}', json, 400, '"size"'],
    ['v2/models/things/infer', { inputs: tensors, id: 5 }, json, 400, 'a text as id'],
    ['v2/models/things/infer', { inputs: tensors, outputs: 'label' }, json, 400, 'list of outputs'],
    [
      'v2/models/things/infer',
      { inputs: tensors, outputs: [{ name: 'x' }] },
      json,
      400,
      'among probabilities, label',
    ],
    ['v2/models/things/infer', { inputs: [...tensors, tensor] }, json, 400, 'each input once'],
    [
      'v2/models/things/infer',
      { inputs: [{ ...tensor, shape: [1, 2], data: [1, 2] }, tensors[1]] },
      json,
      400,
      'a shape [rows] of size',
    ],
    [
      'v2/models/things/infer',
      { inputs: [{ ...tensor, name: 'siz', shape: [1, 3], data: [1, 2, 3] }] },
      json,
      400,
      'expected inputs among size, colour, or one of a shape [rows,4]',
    ],
    ...(
      [
        ['FP64', '1.5', 'numbers of FP64'],
        ['INT32', 1.5, 'numbers of INT32'],
        ['INT8', 128, 'numbers of INT8'],
        ['UINT8', -1, 'numbers of UINT8'],
        ['UINT64', 2 ** 65, 'numbers of UINT64'],
        ['BOOL', 1, 'true, false of BOOL'],
        ['BYTES', 1, 'texts of BYTES'],
      ] as const
    ).map(
      ([datatype, value, message]): Case => [
        'v2/models/things/infer',
        { inputs: [{ ...tensor, datatype, data: [value] }, tensors[1]] },
        json,
        400,
        `expected ${message} or null in size`,
      ],
    ),
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

test('a byte order mark is none of the text, and an end in a slash none of the address', async () => {
  const { url } = await serveModels({ things: model });
  const place = `${url}/models/things/predict`;
  const { json } = await post(place, ROWS[0]);
  expect((await post(`${place}/`, `\ufeff${JSON.stringify(ROWS[0])}`)).json).toEqual(json);
  const table = `\ufeffsize,colour\n${ROWS[0]!.size},${ROWS[0]!.colour}\n`;
  expect((await post(place, table, { 'Content-Type': 'text/csv' })).json).toEqual([json]);
  expect(await (await fetch(`${url}/v2/`)).json()).toMatchObject({ name: 'bitgrad' });
});

test('pages are also asked for with HEAD and OPTIONS', async () => {
  const { url } = await serveModels({ things: model });
  for (const path of ['', 'v2/health/live', 'v2/models/things', 'metrics', 'openapi.json']) {
    const head = await fetch(`${url}/${path}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  }
  const place = `${url}/models/things/predict`;
  const options = await fetch(place, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('Allow')]).toEqual([204, 'OPTIONS, POST']);
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
    const { status, headers } = await fetch(place, { method });
    expect([status, headers.get('Allow')]).toEqual([405, 'OPTIONS, POST']);
  }
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
  const server = await serveModels({ things: model }, { batchDelay: 10_000 });
  const answer = post(`${server.url}/models/things/predict`, ROWS[0]);
  const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();
  while (!/^bitgrad_requests_under_way 1$/m.test(await metrics())) await setImmediate();
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
