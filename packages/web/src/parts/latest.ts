/**
 * Makes a function that does a piece of work one at a time: asked again meanwhile, it does it once more
 * in the end, however often it was asked.
 */
export function latestOnly(
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let isBusy = false;
  let isStale = false;
  return async () => {
    isStale = isBusy;
    if (isBusy) return;
    isBusy = true;
    try {
      do {
        isStale = false;
        await work();
      } while (isStale);
    } catch (error) {
      onError(error);
    } finally {
      isBusy = false;
    }
  };
}
