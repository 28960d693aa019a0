import { decimal } from '../../parts/format.js';
import { aDigit } from '../../parts/say-digit.js';
import { evidenceFor, type Journey } from './journey.js';

const MOST_LINES = 7;

/** The sum that made the answer's output, line by line. */
export function Evidence({ journey }: { readonly journey: Journey }) {
  const { contributions, isConv, bias, sum } = evidenceFor(journey, journey.answer);
  const isFilters = isConv || journey.trace.shapes.at(-2)!.length === 3;
  const shown = contributions.slice(0, MOST_LINES);
  const rest = contributions.slice(MOST_LINES).reduce((total, { product }) => total + product, 0);
  return (
    <>
      <p>
        The output for {journey.answer} is a sum again: what each {isFilters ? 'filter' : 'neuron'}{' '}
        says, times how much it counts for {aDigit(journey.answer)}
        {isConv && ', added up over its map'}.
      </p>
      <table class="sum">
        <caption class="hidden-visually">The sum of output {journey.answer}</caption>
        <tbody>
          {shown.map(({ unit, value, weight, product }) => (
            <tr key={unit}>
              <th scope="row">
                {isFilters ? 'filter' : 'neuron'} {unit}
              </th>
              <td>{!isConv && `${decimal(value, 3)} × ${decimal(weight, 3)}`}</td>
              <td>{decimal(product, 3)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">all others</th>
            <td />
            <td>{decimal(rest, 3)}</td>
          </tr>
          <tr>
            <th scope="row">bias</th>
            <td />
            <td>{decimal(bias, 3)}</td>
          </tr>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">output {journey.answer}</th>
            <td />
            <td>{decimal(sum, 3)}</td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}
