import { useEffect } from 'preact/hooks';
import { previewNetwork } from '../../state/actions.js';
import { picture } from '../../state/store.js';
import { Comparison } from '../prove/comparison.js';
import { Charts } from './charts.js';
import { Controls } from './controls.js';
import { Experiments } from './experiments.js';
import { Figures } from './figures.js';
import { Net } from './net/net.js';
import { NeuronPanel } from './neuron/neuron-panel.js';
import { RecipePanel } from './recipe-panel.js';
import { Timeline } from './timeline.js';

/** A network that learns, and everything that decides how. */
export function TrainView() {
  useEffect(() => {
    if (picture.value === null) void previewNetwork();
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
        <div class="tiles">
          <Net />
          <Timeline />
        </div>
        <Figures />
      </section>
      <NeuronPanel />
      <Charts />
      <Experiments />
      <RecipePanel />
    </>
  );
}
