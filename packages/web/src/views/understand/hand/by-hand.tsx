import { useEffect } from 'preact/hooks';
import { decimal, percent } from '../../../parts/format.js';
import { Probabilities } from '../../../parts/probabilities.js';
import { aDigit } from '../../../parts/say-digit.js';
import { previewNetwork } from '../../../state/actions.js';
import { stageTrace } from '../../../state/stage.js';
import { picture } from '../../../state/store.js';
import type { HandStep, UnitPlace } from '../../../worker/protocol.js';
import { lit } from '../../train/net/lit.js';
import { NetDrawing } from '../../train/net/net.js';
import { handLabel, handStep, handWeight, hasNorm, isByHand } from './hand-state.js';
import { WeightCurve } from './weight-curve.js';

/** Back-propagation on one image: blame on the picture, one weight to drag, and the step itself. */
export function ByHand() {
  useEffect(() => {
    if (picture.value === null) void previewNetwork();
    isByHand.value = true;
    return () => {
      isByHand.value = false;
    };
  }, []);
  const step = handStep.value;
  return (
    <>
      <section class="lead">
        <h1>
          Blame, <em>by hand</em>
        </h1>
        <p class="large">
          Say what the image is, and the mistake flows back: lines and tiles now show where each
          weight should go. Coloured ones should grow, dark or light ones shrink.
        </p>
        {hasNorm.value ? (
          <p class="large" role="status">
            This network has a norm, which looks at all images of a step at once: for one image
            alone there is no blame to show. Train one without a norm, or look at{' '}
            <a href="#/understand/step">a whole step</a>.
          </p>
        ) : (
          <Label />
        )}
      </section>
      <section class="hand" hidden={hasNorm.value}>
        <NetDrawing
          picture={step?.downhill ?? null}
          trace={stageTrace.value}
          asleep={[]}
          words={step ? say(lit.value, step) : ''}
          chosen={
            handWeight.value && step
              ? { layer: lastHidden(step), unit: handWeight.value.from % unitsBefore(step) }
              : null
          }
          onChoose={({ layer, unit }) => {
            if (step && layer === lastHidden(step)) takeWeightOf(step, unit);
          }}
        />
      </section>
      {step && <WeightCurve step={step} />}
      {step && <Step step={step} />}
    </>
  );
}

function Label() {
  return (
    <fieldset class="field digits">
      <legend>It is a</legend>
      <div class="segmented">
        {Array.from({ length: 10 }, (_, digit) => (
          <label key={digit}>
            <input
              type="radio"
              name="hand-label"
              checked={handLabel.value === digit}
              onChange={() => {
                handLabel.value = digit;
              }}
            />
            <span>{digit}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The step against all gradients at once, and what the network says then. */
function Step({ step }: { readonly step: HandStep }) {
  const { before, after, numbers } = step;
  const label = handLabel.value;
  return (
    <section class="hand-step" aria-labelledby="hand-step-title">
      <h2 id="hand-step-title">Take the step</h2>
      <p class="large">
        All weights at once, each against its own gradient, at rate {numbers.recipe.learningRate} ÷{' '}
        {numbers.recipe.batchSize}, which is one image’s share of a step: the loss goes from{' '}
        {decimal(before.loss, 3)} to {decimal(after.loss, 3)}, and the {label} from{' '}
        {percent(before.probabilities[label]!, 1)} to {percent(after.probabilities[label]!, 1)}.
      </p>
      <div class="pair">
        <figure>
          <figcaption>
            <h3>Before</h3>
          </figcaption>
          <Probabilities values={before.probabilities} />
        </figure>
        <figure>
          <figcaption>
            <h3>After</h3>
          </figcaption>
          <Probabilities values={after.probabilities} />
        </figure>
      </div>
    </section>
  );
}

/** How many units the layer before the outputs has. */
function unitsBefore({ downhill }: HandStep): number {
  return downhill.layers.at(-2)?.units ?? 784;
}

/** Takes hold of the steepest weight from a unit: a filter has one for each place of its map. */
function takeWeightOf(step: HandStep, unit: number): void {
  const to = handWeight.value?.to ?? handLabel.value;
  const { weightGradients, outputs } = step.numbers;
  const gradients = weightGradients.at(-1)!;
  const width = outputs.at(-1)!.length;
  let from = unit;
  for (let at = unit; at * width < gradients.length; at += unitsBefore(step))
    if (Math.abs(gradients[at * width + to]!) > Math.abs(gradients[from * width + to]!)) from = at;
  handWeight.value = { from, to };
}

function lastHidden({ numbers }: HandStep): number {
  return numbers.weights.length - 2;
}

/** Of a filter's blame at each place, the sum. */
function sumOf(gradients: Float32Array, unit: number, units: number): number {
  let sum = 0;
  for (let at = unit; at < gradients.length; at += units) sum += gradients[at]!;
  return sum;
}

function say(place: UnitPlace | null, { numbers, downhill }: HandStep): string {
  const { gradients, probabilities, label } = numbers;
  if (place === null)
    return `The loss is −ln ${decimal(probabilities[label]!, 3)}. Point at a neuron to see its part in it; press one of the last layer to take hold of its weight.`;
  const isOutput = place.layer >= gradients.length - 1;
  const { isConv, units } = downhill.layers[isOutput ? gradients.length - 1 : place.layer]!;
  const gradient = sumOf(
    gradients[isOutput ? gradients.length - 1 : place.layer]!,
    place.unit,
    units,
  );
  const word = isConv ? 'filter' : 'neuron';
  if (isOutput) {
    const target = Number(place.unit === label);
    return `Output ${place.unit} said ${decimal(probabilities[place.unit]!, 3)} and should have said ${target}: its blame is ${decimal(gradient, 3)}.`;
  }
  return gradient === 0
    ? `No blame comes through to ${word} ${place.unit}: it says nothing here, and where it is flat nothing flows back.`
    : `The blame that comes back to ${word} ${place.unit} is ${decimal(gradient, 4)}: the loss would ${gradient > 0 ? 'rise' : 'fall'} if it said more to ${aDigit(label)} like this.`;
}
