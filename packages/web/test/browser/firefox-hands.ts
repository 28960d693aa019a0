import type { Firefox } from './firefox.js';

type Place = { readonly x: number; readonly y: number };

/** Keys as WebDriver names them. */
export const KEYS = {
  Home: '\uE011',
  End: '\uE010',
  ArrowRight: '\uE014',
} as const;

/** How long a page is waited for, in milliseconds: a busy machine takes its time. */
const PATIENCE = 50_000;

/** Hands for Firefox: what a reader does in one of its pages, by pointer, by touch and by keyboard. */
export class Hands {
  constructor(
    private readonly firefox: Firefox,
    private readonly context: string,
  ) {}

  /** Waits until an expression is true in the page, and says which one was not. */
  async until(condition: string): Promise<void> {
    const answer = await this.firefox.evaluate(
      this.context,
      `(async () => {
        const end = performance.now() + ${PATIENCE};
        while (performance.now() < end) {
          try {
            if (${condition}) return 'yes';
          } catch {}
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return document.body.innerText.slice(0, 500);
      })()`,
    );
    if (answer !== 'yes') throw new Error(`waited in vain for ${condition}; there was: ${answer}`);
  }

  /** Waits for a text anywhere on the page. */
  untilText(text: string): Promise<void> {
    return this.until(`document.body.innerText.includes(${JSON.stringify(text)})`);
  }

  /** Waits for an element, brings it into sight, and gives its places as shares of its sides. */
  async placesOf(element: string): Promise<(x: number, y: number) => Place> {
    await this.until(element);
    const text = await this.firefox.evaluate(
      this.context,
      `(async () => {
        const one = ${element};
        one.scrollIntoView({ block: 'center', behavior: 'instant' });
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const { left, top, width, height } = one.getBoundingClientRect();
        return JSON.stringify([left, top, width, height]);
      })()`,
    );
    const [left, top, width, height] = JSON.parse(text) as [number, number, number, number];
    return (x, y) => ({ x: Math.round(left + x * width), y: Math.round(top + y * height) });
  }

  /** Goes over an element with the pointer down. */
  async drag(
    element: string,
    places: readonly (readonly [x: number, y: number])[],
    pointerType: 'mouse' | 'touch' = 'mouse',
  ): Promise<void> {
    const at = await this.placesOf(element);
    const [first, ...rest] = places;
    await this.firefox.perform(this.context, [
      {
        type: 'pointer',
        id: pointerType,
        parameters: { pointerType },
        actions: [
          { type: 'pointerMove', ...at(...first!) },
          { type: 'pointerDown', button: 0 },
          ...rest.map((place) => ({ type: 'pointerMove', ...at(...place) })),
          { type: 'pointerUp', button: 0 },
        ],
      },
    ]);
  }

  /** Presses an element with the mouse, or a finger. */
  press(element: string, pointerType: 'mouse' | 'touch' = 'mouse'): Promise<void> {
    return this.drag(element, [[0.5, 0.5]], pointerType);
  }

  /** Holds the mouse over an element. */
  async hover(element: string): Promise<void> {
    const at = await this.placesOf(element);
    await this.firefox.perform(this.context, [
      {
        type: 'pointer',
        id: 'mouse',
        parameters: { pointerType: 'mouse' },
        actions: [{ type: 'pointerMove', ...at(0.5, 0.5) }],
      },
    ]);
  }

  /** Comes to an element and presses keys there. */
  async type(element: string, ...keys: readonly string[]): Promise<void> {
    await this.until(element);
    await this.firefox.evaluate(this.context, `((${element}).focus(), 'done')`);
    await this.firefox.perform(this.context, [
      {
        type: 'key',
        id: 'keyboard',
        actions: keys.flatMap((value) => [
          { type: 'keyDown', value },
          { type: 'keyUp', value },
        ]),
      },
    ]);
  }
}

/** An expression for the first element of a selector whose text is this, or begins with its accessible name. */
export function element(selector: string, text?: string): string {
  const one = JSON.stringify(selector);
  if (text === undefined) return `document.querySelector(${one})`;
  const words = JSON.stringify(text);
  return `[...document.querySelectorAll(${one})].find((one) => one.textContent.trim() === ${words} || one.getAttribute('aria-label') === ${words})`;
}
