import { useState } from 'preact/hooks';
import { decimal, grouped, percent } from '../../parts/format.js';
import { largest, Pixels } from '../../parts/pixels.js';
import { aDigit } from '../../parts/say-digit.js';
import type { StepNumbers } from '../../worker/protocol.js';
import { SignedBars } from './signed-bars.js';
import { followUnit, followWeight, gradientImage, mostBlamed } from './step-math.js';

/** The chain of one step, from the answer back to one weight. */
export function Chain({ step }: { readonly step: StepNumbers }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const { label, probabilities, rows, recipe } = step;
  const hasHidden = step.gradients.length > 1;
  const isFollowed = hasHidden && step.isDense;
  const hidden = step.gradients.at(-2)?.length ?? 0;
  const unit = chosen !== null && chosen < hidden ? chosen : mostBlamed(step);
  return (
    <ol class="journey">
      <li>
        <h2>The answer</h2>
        <p>
          {step.step === null ? 'A step' : `Step ${grouped(step.step)}`} of {rows}{' '}
          {rows === 1 ? 'image.' : 'images; this is the one that it was most wrong about.'} It is{' '}
          {aDigit(label)}, which the network gives {percent(probabilities[label]!)}. Its loss is the
          logarithm of that, turned round:
        </p>
        <p class="equation">
          −ln {decimal(probabilities[label]!)} = {decimal(step.loss)}
        </p>
        <Pixels values={step.input} scale={1} label={`An image of ${aDigit(label)}`} class="seen" />
      </li>
      <li>
        <h2>Blame at the outputs</h2>
        <p>
          Each output is to blame by what it said, less what it should have said, shared among the{' '}
          {rows} of the step: (p − t) ÷ {rows}. Only the {label} should have been 1.
        </p>
        <SignedBars values={step.gradients.at(-1)!} label="Gradient at each output" />
      </li>
      {hasHidden && !step.isDense && (
        <li>
          <h2>Back to the filters</h2>
          <FirstUnits step={step} />
        </li>
      )}
      {isFollowed && (
        <>
          <li>
            <h2>Back to a neuron</h2>
            <Unit step={step} unit={unit} />
            <label class="choose">
              <span>Neuron</span>
              <input
                type="range"
                min={0}
                max={hidden - 1}
                value={unit}
                onInput={(event) => setChosen(Number(event.currentTarget.value))}
              />
              <output>{unit}</output>
            </label>
          </li>
          <li>
            <h2>Down to one weight</h2>
            <Weight step={step} unit={unit} />
            {recipe.layers.length === 3 && (
              <figure>
                <Pixels
                  values={gradientImage(step, unit).map((value) => -value)}
                  scale={largest(gradientImage(step, unit))}
                  colours="signed"
                  label={`How the weights of neuron ${unit} move`}
                  class="seen"
                />
                <figcaption class="hint">
                  How all 784 weights of neuron {unit} move: coloured up, dark or light down.
                </figcaption>
              </figure>
            )}
          </li>
        </>
      )}
    </ol>
  );
}

const MOST_FIRST = 16;

/** How the first layer's weights move, where the blame comes to them by more ways than can be followed. */
function FirstUnits({ step }: { readonly step: StepNumbers }) {
  const { height, width, outputs, weightGradients } = step;
  const size = height * width;
  const units = weightGradients[0]!.length / size;
  const images = Array.from({ length: Math.min(MOST_FIRST, units) }, (_, unit) =>
    Float32Array.from({ length: size }, (_, at) => -weightGradients[0]![at * units + unit]!),
  );
  const isConv = outputs[0]!.length > units;
  return (
    <>
      <p>
        {isConv
          ? 'A filter is at work at every place of the image, and gets the blame of all of them, added up. '
          : ''}
        This is how the weights of the first {images.length} move in this step: coloured up, dark or
        light down.
      </p>
      <div class="maps" role="img" aria-label="How the first layer's weights move">
        {images.map((values, unit) => (
          <Pixels
            key={unit}
            values={values}
            height={height}
            width={width}
            scale={largest(values)}
            colours="signed"
            label=""
          />
        ))}
      </div>
    </>
  );
}

function Unit({ step, unit }: { readonly step: StepNumbers; readonly unit: number }) {
  const { value, blame, gradient } = followUnit(step, unit);
  return (
    <>
      <p>
        Neuron {unit} said {decimal(value, 3)}. It is to blame for each output’s blame, times the
        weight that leads there. That adds up to
      </p>
      <p class="equation">Σ dzₖ · w = {decimal(blame, 6)}</p>
      <p>
        and, times the slope of {step.recipe.activation} where the neuron stood, leaves{' '}
        <b class="number">{decimal(gradient, 6)}</b>.{' '}
        {gradient === 0 && 'Nothing: this neuron learns nothing from this image.'}
      </p>
    </>
  );
}

function Weight({ step, unit }: { readonly step: StepNumbers; readonly unit: number }) {
  const { from, before, gradient, after } = followWeight(step, unit);
  const place =
    step.recipe.layers.length === 3
      ? `pixel (${from % 28}, ${Math.floor(from / 28)})`
      : `neuron ${from}`;
  return (
    <>
      <p>
        A weight’s gradient is its input times its neuron’s blame, summed over the step. The weight
        from {place} to neuron {unit} has the largest.{' '}
        {after === null
          ? `It is mixed with those of the steps before, as ${step.recipe.optimizer} does, and the weight gives way:`
          : `At rate ${decimal(step.rate, 4)} the weight gives way:`}
      </p>
      <p class="equation">
        {after === null
          ? `w = ${decimal(before, 6)}, g = ${decimal(gradient, 6)}`
          : `${decimal(before, 6)} − ${decimal(step.rate, 4)} · ${inBrackets(gradient)} = ${decimal(after, 6)}`}
      </p>
    </>
  );
}

/** A factor; in brackets where its sign would stand beside another. */
function inBrackets(value: number): string {
  const text = decimal(value, 6);
  return value < 0 ? `(${text})` : text;
}
