import type { ComponentChildren } from 'preact';
import { CurvePlot } from './curve-plot.js';
import { CURVES } from './curves.js';
import { F, Formula, Fraction, N, O, Power, Prime, T, V } from './formula.js';

interface Words {
  readonly words: string;
  readonly value: ComponentChildren;
  readonly slope: ComponentChildren;
}

const square = (letter: string) => <Power of={<V>{letter}</V>} to={<N>2</N>} />;
const equals = (left: string) => (
  <>
    {left === 'y' ? <V>y</V> : <Prime of="y" />}
    <O>=</O>
  </>
);

/** In the order of CURVES. */
const WORDS: readonly Words[] = [
  {
    words:
      'Squeezes everything between 0 and 1. Far from the middle its slope is nearly nothing, and learning stalls.',
    value: (
      <>
        {equals('y')}
        <Fraction
          over={<N>1</N>}
          under={
            <>
              <N>1</N>
              <O>+</O>
              <Power
                of={<V>e</V>}
                to={
                  <>
                    <O>−</O>
                    <V>v</V>
                  </>
                }
              />
            </>
          }
        />
      </>
    ),
    slope: (
      <>
        {equals('y′')}
        <V>y</V>
        <O>(</O>
        <N>1</N>
        <O>−</O>
        <V>y</V>
        <O>)</O>
      </>
    ),
  },
  {
    words:
      'The same bend, around 0: answers may be negative, and the slope in the middle is four times as steep.',
    value: (
      <>
        {equals('y')}
        <F>tanh</F>
        <V>v</V>
      </>
    ),
    slope: (
      <>
        {equals('y′')}
        <N>1</N>
        <O>−</O>
        {square('y')}
      </>
    ),
  },
  {
    words:
      'Silent below 0, itself above. Cheap, and its slope never fades; but a neuron that is always below 0 never learns again.',
    value: (
      <>
        {equals('y')}
        <V>max</V>
        <O>(</O>
        <N>0</N>
        <O>,</O>
        <V>v</V>
        <O>)</O>
      </>
    ),
    slope: (
      <>
        {equals('y′')}
        <N>1</N>
        <T>{'\u00a0if\u00a0'}</T>
        <V>v</V>
        <O>&gt;</O>
        <N>0</N>
        <T>{',\u00a0else\u00a0'}</T>
        <N>0</N>
      </>
    ),
  },
];

/** The three best known activations: plotted, in formulas, and in words. */
export function Activations() {
  return (
    <section class="activations">
      <h2>Three bends</h2>
      <p>
        Each with its derivative, dashed. Written in terms of its own result y, it costs nothing.
      </p>
      <div class="curves">
        {CURVES.map((curve, at) => (
          <div key={curve.name}>
            <h3>{curve.name}</h3>
            <CurvePlot curve={curve} />
            <Formula>{WORDS[at]!.value}</Formula>
            <Formula>{WORDS[at]!.slope}</Formula>
            <p>{WORDS[at]!.words}</p>
          </div>
        ))}
      </div>
    </section>
  );
}
