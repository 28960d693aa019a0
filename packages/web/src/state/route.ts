import { signal } from '@preact/signals';

/** The page's views, in the order of its menu. */
export const VIEWS = ['train', 'draw', 'understand', 'prove', 'data'] as const;
export type View = (typeof VIEWS)[number];

/** Where the reader is: a view, a part of it, and what a link brought along. */
export interface Route {
  readonly view: View;
  readonly part: string;
  readonly query: string;
}

/** Reads a hash such as `#/understand/mistakes` or `#/train?recipe=mnist&seed=7`. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view, part = ''] = path.split('/', 2);
  return { view: VIEWS.find((name) => name === view) ?? 'train', part, query };
}

export const route = signal<Route>(parseRoute(location.hash));

/**
 * Takes what a link brought out of the address, and out of the history: once the reader has changed
 * it, going back must not bring it again.
 */
export function dropQuery(): void {
  if (route.peek().query === '') return;
  history.replaceState(history.state, '', location.hash.split('?', 1)[0]);
  route.value = parseRoute(location.hash);
}

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});
