import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { encodeModel, sha256OfText } from '@bitgrad/core';
import { expect, onTestFinished, test } from 'vitest';
import { post, ROWS, serveModels, thingsModel } from './models.js';

const model = await thingsModel();

/** Short, so that tests are; a busy machine must not take an honest client for a slow one. */
const timeouts = { headers: 1500, request: 2500 };

const HEAD = 'POST /models/things/predict HTTP/1.1\r\nHost: localhost\r\n';
const JSON_HEAD = `${HEAD}Content-Type: application/json\r\n`;

/** A connection to a server, with what came back so far. */
async function open(url: string): Promise<Socket & { text(): string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket
    .on('error', () => undefined)
    .on('data', (piece) => {
      text += piece;
    });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return Object.assign(socket, { text: () => text });
}

/** Sends a piece every few milliseconds until the other side has had enough. */
async function drip(socket: Socket, piece: string): Promise<void> {
  const timer = setInterval(() => socket.write(piece), 20);
  await once(socket, 'close');
  clearInterval(timer);
}

/** Requests that are being answered, as the server itself counts them. */
async function underWay(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^bitgrad_requests_under_way (\d+)$/m.exec(metrics)![1]);
}

test('slow clients are closed, many of them, and nobody waits for them', async () => {
  const { url } = await serveModels({ things: model }, { timeouts, requests: 4 });
  const place = `${url}/models/things/predict`;
  const slow = [
    ...Array.from({ length: 20 }, async () => {
      const socket = await open(url);
      socket.write(HEAD);
      await drip(socket, 'X-A: b\r\n');
      return socket.text();
    }),
    ...Array.from({ length: 20 }, async () => {
      const socket = await open(url);
      socket.write(`${JSON_HEAD}Content-Length: 60000\r\n\r\n`);
      await drip(socket, ' ');
      return socket.text();
    }),
    ...Array.from({ length: 20 }, async () => {
      const socket = await open(url);
      await once(socket, 'close');
      return socket.text();
    }),
  ];
  let isOver = false;
  const all = Promise.all(slow).finally(() => {
    isOver = true;
  });
  let answered = 0;
  while (!isOver) {
    expect((await post(place, ROWS[0])).status).toBe(200);
    answered += 1;
  }
  expect(answered).toBeGreaterThan(0);
  for (const text of await all) expect(text).toMatch(/^(HTTP\/1\.1 408 |$)/);
  expect(await underWay(url)).toBe(0);
});

test('a client that does not read what it asked for is closed', async () => {
  const { url } = await serveModels({ things: model }, { timeouts });
  const socket = await open(url);
  socket.pause();
  const body = JSON.stringify(Array.from({ length: 2000 }, () => ROWS[0]));
  const request = `${JSON_HEAD}Content-Length: ${body.length}\r\n\r\n${body}`;
  for (let index = 0; index < 200; index += 1) socket.write(request);
  await new Promise<void>((resolve) => {
    // Only writing tells, because nothing is read.
    const timer = setInterval(() => socket.write(' '), 20);
    socket.once('error', () => {
      clearInterval(timer);
      resolve();
    });
  });
  expect((await post(`${url}/models/things/predict`, ROWS[0])).status).toBe(200);
});

test.each<[string, string, RegExp]>([
  ['a body that says it is huge', `${JSON_HEAD}Content-Length: 1000000000000\r\n\r\n{`, /413/],
  [
    'a body in chunks without end',
    `${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n${'4000\r\n'.concat(' '.repeat(0x4000), '\r\n').repeat(20)}`,
    /413/,
  ],
  ['huge headers', `${HEAD}X-A: ${'a'.repeat(100_000)}\r\n\r\n`, /431/],
  ['very many headers', `${HEAD}${'X-A: b\r\n'.repeat(50_000)}\r\n`, /431/],
  ['a huge address', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /431/],
  ['no HTTP', '\x16\x03\x01garbage\r\n\r\n', /400/],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', /400/],
  ['a method that is none', 'FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n', /400/],
  ['a bad chunk', `${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`, /400/],
  ['two lengths', `${JSON_HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, /400/],
  [
    'a length and chunks',
    `${JSON_HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    /400/,
  ],
  ['a length that is none', `${JSON_HEAD}Content-Length: -5\r\n\r\n`, /400/],
  ['a zero byte', 'GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n', /400/],
])('%s is answered once and closed', async (_, request, status) => {
  const { url, log } = await serveModels({ things: model }, { timeouts, bodyBytes: 100_000 });
  const socket = await open(url);
  socket.write(request);
  await once(socket, 'close');
  expect(socket.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status.source} `));
  expect(socket.text().match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(socket.text()).not.toMatch(/node_modules|fastify|at \w+ \(/i);
  expect(log.filter((line) => line.includes('"error"'))).toEqual([]);
  expect((await post(`${url}/models/things/predict`, ROWS[0])).status).toBe(200);
  expect(await underWay(url)).toBe(0);
});

test('hundreds of requests that are cut off leave nothing behind', async () => {
  const { url, log } = await serveModels({ things: model }, { timeouts, requests: 4 });
  const place = `${url}/models/things/predict`;
  const body = JSON.stringify(ROWS);
  for (let round = 0; round < 10; round += 1) {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => open(url)));
    for (const [index, socket] of sockets.entries()) {
      const part = body.slice(0, Math.floor((index * body.length) / 20));
      socket.write(`${JSON_HEAD}Content-Length: ${body.length}\r\n\r\n${part}`);
    }
    expect((await post(place, ROWS[0])).status).toBe(200);
    for (const [index, socket] of sockets.entries()) {
      if (index % 2 === 0) socket.destroy();
      else socket.resetAndDestroy();
    }
  }
  expect((await post(place, ROWS)).status).toBe(200);
  expect(await underWay(url)).toBe(0);
  expect(log.filter((line) => line.includes('"error"'))).toEqual([]);
});

test.each(['application/json', 'text/csv'])('too many rows in %s are refused', async (type) => {
  const { url } = await serveModels({ things: model }, { timeouts });
  const body = type === 'text/csv' ? '1\n'.repeat(500_000) : `[${'[],'.repeat(500_000)}[]]`;
  const answer = await post(`${url}/models/things/predict`, body, { 'Content-Type': type });
  expect(answer.status).toBe(413);
  expect(answer.json.error).toMatch(/^expected at most 65536 rows in a request, received \d{6}$/);
});

test('lists in lists without end are refused', async () => {
  const { url, log } = await serveModels({ things: model }, { timeouts });
  const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
  const bodies: [string, string][] = [
    ['/models/things/predict', deep],
    ['/v1/models/things:predict', `{"instances":${deep}}`],
    ['/v1/models/things:predict', `{"inputs":{"size":${deep}}}`],
    ['/v2/models/things/infer', `{"inputs":${deep}}`],
    [
      '/v2/models/things/infer',
      `{"inputs":[{"name":"size","shape":[1],"datatype":"FP64","data":${deep}}]}`,
    ],
  ];
  for (const [path, body] of bodies) expect((await post(url + path, body)).status).toBe(400);
  expect(log.filter((line) => line.includes('"error"'))).toEqual([]);
});

test('where too much waits, requests get 503 at once, and those that were taken are answered', async () => {
  const { url } = await serveModels({ things: model }, { requests: 8, batchDelay: 3000 });
  const place = `${url}/models/things/predict`;
  const answers = await Promise.all(Array.from({ length: 100 }, () => post(place, ROWS[0])));
  const count = (status: number) => answers.filter((one) => one.status === status).length;
  expect(count(200)).toBeGreaterThanOrEqual(8);
  expect(count(200) + count(503)).toBe(100);
  expect(count(503)).toBeGreaterThan(0);
  for (const { status, headers } of answers) {
    if (status === 503) expect(headers.get('Retry-After')).toBe('1');
  }
  expect((await post(place, ROWS[0])).status).toBe(200);
});

test('a file that changes again and again under load costs no request, and every answer is of one version', async () => {
  const models = [model, await thingsModel({ seed: 9 }), await thingsModel({ seed: 11 })];
  const digests = await Promise.all(
    models.map(({ receipt }) => sha256OfText(JSON.stringify(receipt))),
  );
  const { url, folder, log } = await serveModels({ things: model }, { batchRows: 7 });
  const place = `${url}/models/things/predict`;
  const reloads = (): number => log.filter((line) => line.includes('"reload"')).length;
  const seen = new Map<string, Set<string>>();
  let isOver = false;
  const clients = Array.from({ length: 12 }, async () => {
    while (!isOver) {
      const { status, headers, json } = await post(place, ROWS.slice(0, 5));
      expect(status).toBe(200);
      const digest = headers.get('Bitgrad-Receipt')!;
      seen.set(digest, (seen.get(digest) ?? new Set()).add(JSON.stringify(json)));
    }
  });
  try {
    for (const [round, next] of [models[1]!, models[2]!, models[0]!].entries()) {
      writeFileSync(join(folder, 'next'), encodeModel(next));
      renameSync(join(folder, 'next'), join(folder, 'things.safetensors'));
      while (reloads() <= round) await new Promise((resolve) => setTimeout(resolve, 20));
      await post(place, ROWS[0]);
    }
  } finally {
    isOver = true;
  }
  await Promise.all(clients);
  expect([...seen.keys()].every((digest) => digests.includes(digest))).toBe(true);
  expect(seen.size).toBeGreaterThan(1);
  for (const answers of seen.values()) expect(answers.size).toBe(1);
});
