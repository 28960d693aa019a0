/** Resolves when stdout's reader has caught up, or is gone. */
export async function stdoutDrained(): Promise<void> {
  const { stdout } = process;
  if (!stdout.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'error']) stdout.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) stdout.on(event, done);
  });
}
