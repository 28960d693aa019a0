import { batch } from '@preact/signals';
import { previewNetwork } from './actions.js';
import { decodeShared } from './share.js';
import { dataChoice, draft, expectedDigest, notice, run } from './store.js';

/** Takes over what a share link brought: its recipe, and the digest that its sender got. */
export function takeShared(query: string): void {
  if (query === '') return;
  try {
    const shared = decodeShared(query);
    if (shared === null) return;
    batch(() => {
      draft.value = shared.recipe;
      dataChoice.value = shared.data;
      expectedDigest.value = shared.digest;
    });
    if (run.value === null) void previewNetwork();
  } catch (error) {
    notice.value = {
      kind: 'error',
      message: `this link holds a recipe that cannot be used (${(error as Error).message})`,
      fix: 'The page goes on with its own.',
    };
  }
}
