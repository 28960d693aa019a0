/** On a slow line, what is kept for later must not come before the digits that are trained on now. */
const LATER_MILLISECONDS = 5000;

/** Lets the page open without a network after the first visit, where the browser can do that. */
export function workOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => setTimeout(keepPage, LATER_MILLISECONDS));
}

function keepPage(): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData === true) return;
  // Without it the page works all the same, as long as there is a network.
  navigator.serviceWorker.register('./service-worker.js').catch(() => undefined);
}
