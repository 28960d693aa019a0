import { useMemo } from 'preact/hooks';
import { Chart } from '../../parts/chart.js';
import { decimal, percent } from '../../parts/format.js';
import { accuracyCurve } from '../../state/curve.js';
import { draft, epochs, ghost, lossCurve, moments, run } from '../../state/store.js';

/** A training that diverges must not flatten every other curve. */
const MOST_LOSS = 5;

/** The curves of loss and accuracy over epochs. */
export function Charts() {
  const { epochs: xs, losses } = lossCurve.value;
  const accuracy = useMemo(
    () => accuracyCurve(moments.value, epochs.value),
    [moments.value, epochs.value],
  );
  const before = ghost.value;
  const xMax = (run.value?.recipe ?? draft.value).epochs;
  const lastLoss = losses.at(-1);
  const lastAccuracy = accuracy.ys.at(-1);
  return (
    <section class="pair" aria-label="How the training goes">
      <figure>
        <figcaption>
          <h2>Loss</h2>
          <p>{lastLoss === undefined ? 'how wrong it is, in training' : decimal(lastLoss)}</p>
        </figcaption>
        <Chart
          xs={xs}
          ys={losses}
          ghost={before && { xs: before.loss.epochs, ys: before.loss.losses }}
          xMax={xMax}
          yRange={(_, high) => [0, Math.min(high, MOST_LOSS) * 1.05]}
          steps={[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]}
          format={(value) => String(Number(value.toFixed(2)))}
          label={`Training loss over epochs${lastLoss === undefined ? '' : `, now ${decimal(lastLoss)}`}`}
        />
      </figure>
      <figure>
        <figcaption>
          <h2>Accuracy</h2>
          <p>
            {lastAccuracy === undefined ? 'on images it never trains on' : percent(lastAccuracy)}
          </p>
        </figcaption>
        <Chart
          xs={accuracy.xs}
          ys={accuracy.ys}
          ghost={before?.accuracy ?? null}
          xMax={xMax}
          yRange={(low) => [Math.min(0.9, Math.floor(low * 20) / 20), 1]}
          steps={[0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5]}
          format={(value) => percent(value, 0)}
          hasPoints={xMax <= 60}
          label={`Accuracy on test images from the first step on${lastAccuracy === undefined ? '' : `, now ${percent(lastAccuracy)}`}`}
        />
      </figure>
    </section>
  );
}
