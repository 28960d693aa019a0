/** Lets the page open without a network after the first visit, where the browser can do that. */
export function workOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    const { connection } = navigator as { connection?: { saveData?: boolean } };
    if (connection?.saveData === true) return;
    // Without it the page works all the same, as long as there is a network.
    navigator.serviceWorker.register('./service-worker.js').catch(() => undefined);
  });
}
