import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where axe’s script is. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds on the page as it stands. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const results = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run(),
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Goes to a view, which may have to be fetched first: its own heading tells that it is there. */
export async function openView(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => {
    location.hash = next;
  }, hash);
  const [view] = /^#\/\w+/.exec(hash)!;
  await page.locator(`nav a[href="${view}"][aria-current="page"]`).first().waitFor();
  await page.locator('main h1:not(.hidden-visually)').first().waitFor();
}

/**
 * Reads something until it stays the same, as pictures and texts do that come from the worker.
 *
 * @param isReady whether what was read may count
 */
export async function settled<Value>(
  page: Page,
  read: () => Promise<Value>,
  isReady: (value: Value) => boolean = () => true,
): Promise<Value> {
  let last = await read();
  let same = 0;
  await expect
    .poll(async () => {
      // A few frames, in each of which something may be painted.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      const next = await read();
      same = next === last && isReady(next) ? same + 1 : 0;
      last = next;
      return same;
    })
    .toBeGreaterThanOrEqual(3);
  return last;
}

/** Lets go of files over a part of the page; its scripts must run by then. */
export async function dropFiles(
  target: Locator,
  files: readonly { readonly name: string; readonly bytes: Uint8Array; readonly type?: string }[],
): Promise<void> {
  const page = target.page();
  await target.waitFor();
  const transfer = await page.evaluateHandle(
    (given) => {
      const data = new DataTransfer();
      for (const { name, values, type } of given)
        data.items.add(new File([Uint8Array.from(values)], name, { type }));
      return data;
    },
    files.map(({ name, bytes, type = '' }) => ({ name, type, values: Array.from(bytes) })),
  );
  await target.dispatchEvent('drop', { dataTransfer: transfer });
}

/** Sends scripts with some code before their own. */
export async function putBefore(page: Page, pattern: string, code: string): Promise<void> {
  await page.route(pattern, async (route) => {
    try {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${code};${await response.text()}` });
    } catch {
      // The page went on meanwhile, and asks for it no more.
    }
  });
}
