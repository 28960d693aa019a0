// What sides are called.

/**
 * A side's name with its form and threads, as in `PyTorch 2.15.0, scripted, 1 thread`.
 *
 * @param {{ title: string, form: string, threads: number }} side
 */
export function sideName({ title, form, threads }) {
  const threadText = threads === 0 ? '' : `${threads} thread${threads === 1 ? '' : 's'}`;
  return [title, form, threadText].filter((part) => part !== '').join(', ');
}
