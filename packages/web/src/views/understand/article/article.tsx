import { Activations } from './activations.js';
import { F, Formula, Fraction, N, O, Power, Root, Sub, Sum, V } from './formula.js';

/** The mathematics of the network, short. */
export function Article() {
  return (
    <article class="article">
      <header class="lead">
        <h1>
          All of it, in <em>formulas</em>
        </h1>
        <p class="large">
          Nothing that this page does goes beyond the lines below. Each operation rounds once, in a
          fixed order; that is why every device gets the same bits.
        </p>
      </header>
      <section>
        <h2>A layer</h2>
        <p>
          A neuron weighs what comes in, adds it up, and adds a bias: how ready it is to speak
          before it has seen anything.
        </p>
        <Formula>
          <Sub of="z" at="j" />
          <O>=</O>
          <Sum over="k" />
          <Sub of="x" at="k" />
          <Sub of="w" at="kj" />
          <O>+</O>
          <Sub of="b" at="j" />
        </Formula>
        <p>
          However many such layers follow each other, they would only ever make one straight cut. So
          each sum passes through a bend, the activation.
        </p>
      </section>
      <Activations />
      <section>
        <h2>Softmax and the loss</h2>
        <p>
          Ten outputs should become ten probabilities. Softmax makes them positive, and makes them
          add up to one; the greatest is taken off first, so that no power overflows.
        </p>
        <Formula>
          <Sub of="p" at="j" />
          <O>=</O>
          <Fraction
            over={
              <Power
                of={<V>e</V>}
                to={
                  <>
                    <Sub of="z" at="j" />
                    <O>−</O>
                    <V>m</V>
                  </>
                }
              />
            }
            under={
              <>
                <Sum over="k" />
                <Power
                  of={<V>e</V>}
                  to={
                    <>
                      <Sub of="z" at="k" />
                      <O>−</O>
                      <V>m</V>
                    </>
                  }
                />
              </>
            }
          />
          <O>,</O>
          <V>L</V>
          <O>=</O>
          <O>−</O>
          <F>ln</F>
          <Sub of="p" at="y" />
        </Formula>
        <p>
          The loss looks only at the right digit y: none if it was given all the probability,
          without bound as it is given less. Its gradient is as simple as gradients get.
        </p>
        <Formula>
          <Fraction
            over={
              <>
                <O>∂</O>
                <V>L</V>
              </>
            }
            under={
              <>
                <O>∂</O>
                <Sub of="z" at="j" />
              </>
            }
          />
          <O>=</O>
          <Sub of="p" at="j" />
          <O>−</O>
          <Sub of="t" at="j" />
        </Formula>
      </section>
      <section>
        <h2>One step down</h2>
        <p>
          Back-propagation is the chain rule, walked from the loss to the front, each layer using
          what the one behind it found. Then every weight moves against its gradient, by a rate.
        </p>
        <Formula>
          <Sub of="w" at="kj" />
          <O>←</O>
          <Sub of="w" at="kj" />
          <O>−</O>
          <V>η</V>
          <Sub of="x" at="k" />
          <Fraction
            over={
              <>
                <O>∂</O>
                <V>L</V>
              </>
            }
            under={
              <>
                <O>∂</O>
                <Sub of="z" at="j" />
              </>
            }
          />
        </Formula>
        <p>
          A step averages over its images. <a href="#/understand/step">See one step in numbers</a>.
        </p>
      </section>
      <section>
        <h2>Where to begin</h2>
        <p>
          If all weights began equal, all neurons would stay equal. So they are drawn at random, and
          small enough that a signal neither dies nor blows up on its way. Xavier Glorot’s rule
          takes a spread that suits both directions, forward and back:
        </p>
        <Formula>
          <V>σ</V>
          <O>=</O>
          <Root>
            <Fraction
              over={<N>2</N>}
              under={
                <>
                  <V>in</V>
                  <O>+</O>
                  <V>out</V>
                </>
              }
            />
          </Root>
        </Formula>
        <p>
          For 784 inputs and 32 neurons that is 0.0495: the noise that the tiles show before you
          press Train.
        </p>
      </section>
    </article>
  );
}
