import { useEffect } from 'preact/hooks';
import { WeightGrid } from '../../parts/weight-grid.js';
import { previewWeights } from '../../state/actions.js';
import { weights } from '../../state/store.js';
import { Comparison } from '../prove/comparison.js';
import { Charts } from './charts.js';
import { Controls } from './controls.js';
import { Figures } from './figures.js';
import { RecipePanel } from './recipe-panel.js';

/** A network that learns, and everything that decides how. */
export function TrainView() {
  useEffect(() => {
    if (weights.value === null) void previewWeights();
  }, []);
  return (
    <>
      <section class="stage">
        <div class="lead">
          <h1>
            Watch a network <em>learn</em>
          </h1>
          <p class="large">
            Each tile is what one neuron looks for in a handwritten digit: colour where it wants
            ink, black or white where it wants none. Noise at first; press Train, and strokes
            appear, here, on this device.
          </p>
          <Controls />
          <Comparison />
        </div>
        <div class="tiles">{weights.value && <WeightGrid images={weights.value} />}</div>
        <Figures />
      </section>
      <Charts />
      <RecipePanel />
    </>
  );
}
