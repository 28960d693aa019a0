import { Chart } from '../../parts/chart.js';
import { decimal } from '../../parts/format.js';
import { epochsSeen, isLearning } from './own-worker.js';

/** How the learning goes, while it goes and when it is over. */
export function Learning({
  begun,
}: {
  /** What there is to say before the first epoch is done. */ readonly begun: string;
}) {
  const seen = epochsSeen.value;
  const last = seen.at(-1);
  return (
    <>
      {isLearning.value && (
        <>
          <progress
            class="progress"
            max={1}
            value={last ? last.epoch / last.epochs : 0}
            aria-label="Training done"
          />
          <p class="hint" role="status">
            {last ? `Epoch ${last.epoch} of ${last.epochs}` : begun}
          </p>
        </>
      )}
      {last && <Losses last={last} />}
    </>
  );
}

type Last = (typeof epochsSeen.value)[number];

function Losses({ last }: { readonly last: Last }) {
  const seen = epochsSeen.value;
  const xs = seen.map(({ epoch }) => epoch);
  const isHeldOut = last.validationLoss !== null;
  const heldOut = isHeldOut ? { xs, ys: seen.map((one) => one.validationLoss ?? 0) } : null;
  return (
    <figure class="own-loss">
      <figcaption>
        <h3>Loss</h3>
        <p>
          {decimal(last.loss, 3)}
          {isHeldOut && `; dashed, on cases held out: ${decimal(last.validationLoss!, 3)}`}
        </p>
      </figcaption>
      <Chart
        xs={xs}
        ys={seen.map(({ loss }) => loss)}
        ghost={heldOut}
        xMax={last.epochs}
        yRange={(_, high) => [0, high > 0 ? high * 1.05 : 1]}
        steps={[0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100, 1000]}
        format={(value) => String(Number(value.toFixed(3)))}
        label={`Loss over epochs, now ${decimal(last.loss, 3)}`}
      />
    </figure>
  );
}
