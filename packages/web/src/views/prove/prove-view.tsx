import { Digests } from './digests.js';
import { OpenedModel } from './opened-model.js';
import { Share } from './share.js';
import { SideBySide } from './side-by-side.js';

/** The same bits everywhere, and how to check it. */
export function ProveView() {
  return (
    <>
      <section class="lead">
        <h1>
          The same bits, <em>everywhere</em>
        </h1>
        <p class="large">
          Every weight of this network is the same, to the last bit, on any device that follows the
          same recipe. A digest of 64 digits stands for all of them. Compare.
        </p>
      </section>
      <Digests />
      <SideBySide />
      <Share />
      <OpenedModel />
    </>
  );
}
