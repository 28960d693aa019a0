import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../../scripts/require.mjs';
import { openStage, type Stage } from './chromium.js';
import { makeImageFolder } from './image-folder.js';
import { type Files, WALKS } from './states.js';
import { SHORT_RECIPE, trainInNode } from './trained.js';
import { violationsOf } from './wait.js';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
/** What a zoom of 200 % leaves of the desktop. */
const ZOOMED = { width: 640, height: 450 };
const SMALL = { width: 360, height: 640 };
const LOOKS = [
  ['desktop', DESKTOP, 'light'],
  ['small', SMALL, 'dark'],
] as const;
const ALL_LOOKS = [
  ...LOOKS,
  ['desktop', DESKTOP, 'dark'],
  ['small', SMALL, 'light'],
  ['phone', PHONE, 'light'],
  ['zoomed', ZOOMED, 'light'],
] as const;
/** How long a walk may take on a busy machine, in milliseconds. */
const LONGEST = 400_000;
/** Where pictures of each state are to be put, to be looked at; unset, none are made. */
const PICTURES = process.env.BITGRAD_PICTURES;

describe.skipIf(missing('browser') || missing('long'))('in each state', () => {
  let stage: Stage;
  let files: Files;
  let root: string;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'bitgrad-states-'));
    const [opened, node, images] = await Promise.all([
      openStage(),
      trainInNode({ ...SHORT_RECIPE, subset: 640 }),
      makeImageFolder(root, 'png'),
    ]);
    stage = opened;
    files = { model: node.file, digest: node.receipt.epochs[0]!, images };
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  });
  afterAll(async () => {
    await stage?.close();
    rmSync(root, { recursive: true, force: true });
  });

  test.each(WALKS)(
    'of $name, axe finds nothing, and nothing sticks out',
    async (walk) => {
      const { page, complaints } = await stage.open(walk.hash);
      await walk.go(page, (state) => meet(page, `${walk.name}, ${state}`), files);
      // What a state is about to fail for, its browser tells too.
      const isExpected = (text: string) => text.includes('ERR_INTERNET_DISCONNECTED');
      expect(complaints.filter((text) => !isExpected(text))).toEqual([]);
    },
    LONGEST,
  );
});

let met = 0;

/** Looks at the page, wide and light or narrow and dark by turns, and leaves it as it was. */
async function meet(page: Page, state: string): Promise<void> {
  const look = LOOKS[met % LOOKS.length]!;
  met += 1;
  for (const [size, viewport, colorScheme] of PICTURES ? ALL_LOOKS : [look]) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const name = `${state}, ${size}, ${colorScheme}`;
    expect(await violationsOf(page), name).toEqual([]);
    const sticksOut = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.body.clientWidth);
    await expect.poll(sticksOut, { message: name }).toBeLessThanOrEqual(0);
    if (PICTURES) {
      const path = join(PICTURES, `${name.replace(/\W+/g, '-')}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.setViewportSize(DESKTOP);
}
