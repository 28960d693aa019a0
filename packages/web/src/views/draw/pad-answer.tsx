import { percent } from '../../parts/format.js';
import { bestOf } from '../../parts/say-digit.js';
import { answer } from './drawing.js';

/** The answer on the pad itself: on a phone, what stands beside the pad is out of sight. */
export function PadAnswer() {
  const probabilities = answer.value?.probabilities;
  if (!probabilities) return null;
  const best = bestOf(probabilities);
  return (
    <span class="pad-answer" aria-hidden="true">
      {best === null ? '?' : best}
      <small>{best !== null && percent(probabilities[best]!, 0)}</small>
    </span>
  );
}
