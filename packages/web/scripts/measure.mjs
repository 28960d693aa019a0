// Measures the built page in Chromium, as its readers meet it: bytes of the first view, when it is painted
// and how long it is busy, the first training on a slow phone, long frames, and the heap over trainings.
// Nothing else should run meanwhile: all but the bytes depend on the machine.
//
// Everything but the heap is measured several times, each with a fresh page; medians are told, beside
// what they are to be at most.
//
// `node scripts/measure.mjs`; with `--heap 100`, the heap over so many trainings alone, for which the machine may be busy

import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, release, totalmem, type } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { Transform } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { chromium } from 'playwright-core';

const built = fileURLToPath(new URL('../dist/', import.meta.url));
/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** What hosts compress. */
const COMPRESSED = ['.html', '.js', '.css', '.json', '.svg'];
/** A phone on a slow line: four times slower than this machine, 1.6 Mbit/s, 150 ms there and back. */
const PHONE = { width: 360, height: 640, slower: 4 };
const SLOW_LINE = { bytesPerSecond: 1.6e6 / 8, latency: 150 };
/** What a slow line carries at once, in bytes: about a packet. */
const PACKET = 1500;
/** 60 frames a second leave 16.7 ms to each; what takes twice as long was missed. */
const LONG_FRAME = 33.4;
const WATCH_MILLISECONDS = 8000;
/** Beside the page's own heap its workers' and the browser's own memory, in bytes a page. */
const PAGE_BYTES = 4096;
const RUNS = 5;
const QUICK = '#/train?recipe=mnist&epochs=1&data=first';
const LONG = '#/train?recipe=mnist&epochs=500&data=first';

/** What was sent, the digits apart: a browser's tools do not see what its workers fetch, nor slow it down. */
const sent = { view: 0, digits: 0 };
/** The line that all answers share, and when it is free again; null for one as fast as can be. */
let line = /** @type {{ bytesPerSecond: number, latency: number, freeAt: number } | null} */ (null);

/** Lets bytes through as the line does: one answer's after the other's. */
function throughLine() {
  return new Transform({
    async transform(/** @type {Buffer} */ chunk, _encoding, done) {
      for (let at = 0; at < chunk.length; at += PACKET) {
        const packet = chunk.subarray(at, at + PACKET);
        if (line) {
          const begin = Math.max(performance.now(), line.freeAt);
          line.freeAt = begin + (1000 * packet.length) / line.bytesPerSecond;
          await setTimeout(line.freeAt - performance.now());
        }
        this.push(packet);
      }
      done();
    },
  });
}

const server = createServer(async ({ url = '/' }, response) => {
  await setTimeout(line?.latency ?? 0);
  const path = normalize(decodeURIComponent(new URL(url, 'http://page').pathname));
  const file = join(built, path === '/' ? 'index.html' : path);
  if (!file.startsWith(built) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const isCompressed = COMPRESSED.includes(extname(file));
  response.writeHead(200, {
    'content-type': type,
    ...(isCompressed && { 'content-encoding': 'gzip' }),
  });
  const part = path.startsWith('/data/') && path.endsWith('.bin') ? 'digits' : 'view';
  const content = createReadStream(file);
  const body = isCompressed ? content.pipe(createGzip()) : content;
  body.on('data', (/** @type {Buffer} */ chunk) => {
    sent[part] += chunk.length;
  });
  body.pipe(throughLine()).pipe(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
const address = `http://127.0.0.1:${port}/`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--enable-precise-memory-info'],
});

/** Gathers when the largest part is painted and the tasks that are long, from the very beginning. */
const WATCH = `
  globalThis.seen = { painted: 0, blocked: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.painted = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.blocked += entry.duration - 50;
  }).observe({ type: 'longtask', buffered: true });
`;

/**
 * Opens the page with an empty cache.
 * @param {string} hash
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function open(hash, options = { viewport: { width: 1280, height: 900 } }) {
  const context = await browser.newContext(options);
  await context.addInitScript(WATCH);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  return { context, page, devtools, go: () => page.goto(address + hash, { waitUntil: 'commit' }) };
}

/** @param {import('playwright-core').Page} page */
const press = (page, /** @type {string} */ name) =>
  page.getByRole('button', { name, exact: true }).click();

/** @param {import('playwright-core').Page} page */
const done = (page) => page.getByText('Done', { exact: true }).waitFor({ timeout: 300_000 });

async function firstView() {
  const { context, page, go } = await open('');
  // What is kept for later visits is no part of the first view.
  await page.addInitScript('delete Navigator.prototype.serviceWorker');
  sent.view = 0;
  await go();
  await page.getByRole('group', { name: 'The weights' }).waitFor();
  await page.waitForTimeout(3000);
  const seen = await page.evaluate('seen');
  const kilobytes = sent.view / 1000;
  sent.digits = 0;
  await page.goto(address + QUICK);
  await press(page, 'Train');
  await done(page);
  await context.close();
  const { painted, blocked } = /** @type {{ painted: number, blocked: number }} */ (seen);
  return {
    viewKilobytes: kilobytes,
    digitsKilobytes: sent.digits / 1000,
    paintedMilliseconds: painted,
    blockedMilliseconds: blocked,
  };
}

/**
 * Presses Train as soon as it is there, and tells when a training runs, in milliseconds from when the link
 * was opened. The page itself looks: a browser's driver takes its time where a device is slow.
 */
const PRESSED_AT_ONCE = `
  globalThis.begun = new Promise((resolve) => {
    const button = (name) =>
      [...document.querySelectorAll('.controls button')].find((one) => one.textContent === name);
    let isPressed = false;
    new MutationObserver((_, observer) => {
      if (!isPressed && button('Train')) {
        isPressed = true;
        setTimeout(() => button('Train').click());
      }
      if (!button('Pause')) return;
      observer.disconnect();
      resolve(performance.now());
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
`;

async function firstTrainingOnPhone() {
  const { context, page, devtools, go } = await open(LONG, {
    viewport: { width: PHONE.width, height: PHONE.height },
    isMobile: true,
    hasTouch: true,
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: PHONE.slower });
  line = { ...SLOW_LINE, freeAt: 0 };
  await page.addInitScript(PRESSED_AT_ONCE);
  await go();
  const begun = await page.evaluate('begun');
  line = null;
  await context.close();
  return { phoneSeconds: /** @type {number} */ (begun) / 1000 };
}

async function frames() {
  const { context, page, go } = await open(LONG);
  await go();
  await press(page, 'Train');
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  const watching = page.evaluate(
    ([milliseconds, long]) =>
      new Promise((resolve) => {
        let [last, count, missed] = [performance.now(), 0, 0];
        const end = last + milliseconds;
        const frame = (/** @type {number} */ now) => {
          if (now - last > long) missed += 1;
          count += 1;
          last = now;
          if (now < end) requestAnimationFrame(frame);
          else resolve({ frames: count, longFrames: missed });
        };
        requestAnimationFrame(frame);
      }),
    /** @type {const} */ ([WATCH_MILLISECONDS, LONG_FRAME]),
  );
  const pad = await page.locator('.net .pad').boundingBox();
  if (pad === null) throw new Error('expected a pad beside the network, received none');
  const begun = performance.now();
  for (let turn = 0; performance.now() - begun < WATCH_MILLISECONDS; turn += 1) {
    await page.mouse.move(pad.x + pad.width * 0.3, pad.y + pad.height * 0.2);
    await page.mouse.down();
    for (let step = 0; step < 40; step += 1) {
      const angle = (turn + step / 40) * 2 * Math.PI;
      await page.mouse.move(
        pad.x + pad.width * (0.5 + 0.3 * Math.sin(angle)),
        pad.y + pad.height * (0.5 - 0.3 * Math.cos(angle)),
      );
    }
    await page.mouse.up();
    await press(page, 'Clear');
  }
  const seen = /** @type {{ frames: number, longFrames: number }} */ (await watching);
  await context.close();
  return {
    framesPerSecond: (1000 * seen.frames) / WATCH_MILLISECONDS,
    longFramesPercent: (100 * seen.longFrames) / seen.frames,
  };
}

/** Resolves once the page has said something else than “Done”, and “Done” again. */
const TRAINED_AGAIN = `new Promise((resolve) => {
  const state = document.querySelector('.state');
  let hasLeft = false;
  new MutationObserver((_, observer) => {
    if (state.textContent !== 'Done') hasLeft = true;
    else if (hasLeft) {
      observer.disconnect();
      resolve(true);
    }
  }).observe(state, { characterData: true, childList: true, subtree: true });
})`;

/** What the browser's processes that show pages hold in all, in MB; Linux tells it. */
async function rendererMegabytes() {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  const pages = processInfo.flatMap(({ id, type }) =>
    type === 'renderer' && existsSync(`/proc/${id}/statm`)
      ? [Number(readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1])]
      : [],
  );
  return (pages.reduce((sum, one) => sum + one, 0) * PAGE_BYTES) / 1e6;
}

/**
 * The page's heap after its rubbish is taken away: the second five trainings, when all code is warm, and the last five.
 * @param {number} trainings
 */
async function heap(trainings) {
  const { context, page, devtools, go } = await open(QUICK);
  await go();
  const megabytes = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    return usedSize / 1e6;
  };
  await press(page, 'Train');
  await done(page);
  const sizes = [await megabytes()];
  const all = [await rendererMegabytes()];
  for (let training = 1; training < trainings; training += 1) {
    const over = page.evaluate(TRAINED_AGAIN);
    await press(page, 'Train again');
    await over;
    sizes.push(await megabytes());
    all.push(await rendererMegabytes());
  }
  await context.close();
  console.log('heap in MB after each training:', sizes.map((size) => size.toFixed(1)).join(' '));
  console.log('all of its memory:', all.map((size) => size.toFixed(0)).join(' '));
  return { heapGrowthPercent: 100 * (median(sizes.slice(-5)) / median(sizes.slice(5, 10)) - 1) };
}

/** What each figure is to be at most; frames a second, at least. */
const TARGETS = {
  viewKilobytes: '<= 250',
  digitsKilobytes: '<= 200',
  paintedMilliseconds: '<= 1000',
  blockedMilliseconds: '<= 200',
  phoneSeconds: '<= 6',
  framesPerSecond: '60',
  longFramesPercent: '< 1',
  heapGrowthPercent: 'about 0',
};

const median = (/** @type {number[]} */ values) =>
  values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * Measures a part some times and tells the medians.
 * @param {() => Promise<Record<string, number>>} part
 * @param {number} runs
 */
async function tell(part, runs) {
  const all = [];
  for (let run = 0; run < runs; run += 1) all.push(await part());
  for (const name of Object.keys(all[0])) {
    const values = all.map((one) => one[name]);
    const told = values.map((value) => value.toFixed(2)).join(' ');
    console.log(`${name} ${median(values).toFixed(2)} (${TARGETS[name]}) of ${told}`);
  }
}

const { values } = parseArgs({ options: { heap: { type: 'string' } } });
try {
  const [{ model }] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(`${cpus().length} × ${model}, ${memory} GiB, ${type()} ${release()}`);
  console.log(`Node ${process.version}, Chromium ${browser.version()}`);
  if (values.heap === undefined) {
    await tell(firstView, RUNS);
    await tell(firstTrainingOnPhone, RUNS);
    await tell(frames, RUNS);
  }
  await tell(() => heap(Number(values.heap ?? 20)), 1);
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
