// `npm run build`: builds every package in order, through turbo, and shows what it says.

import { RunError, runTool } from './run.mjs';

try {
  await runTool('turbo', ['run', 'build', '--output-logs=new-only'], { show: true });
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.exitCode = error.exitCode;
}
