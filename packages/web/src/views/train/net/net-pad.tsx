import { percent } from '../../../parts/format.js';
import { bestOf, sayReading } from '../../../parts/say-digit.js';
import { SaidAloud } from '../../../parts/settled.js';
import { stageTrace } from '../../../state/stage.js';
import { clearPad, isOnPad, padPicture, strokes } from '../../draw/drawing.js';
import { EXAMPLE } from '../../draw/example.js';
import { Pad } from '../../draw/pad.js';

/** A pad beside the network: what is drawn there it reads while it learns. */
export function NetPad() {
  const hasDrawing = isOnPad.value;
  const trace = stageTrace.value;
  const best = trace && bestOf(trace.probabilities);
  return (
    <div class="net-pad">
      <Pad
        strokes={strokes.value}
        onChange={(next) => {
          strokes.value = next;
        }}
        example={EXAMPLE}
        picture={padPicture.value}
        invitation="Draw here"
        answer={
          trace && (
            <span class="pad-answer always" aria-hidden="true">
              {best ?? '?'}
              <small>{best !== null && percent(trace.probabilities[best]!, 0)}</small>
            </span>
          )
        }
      />
      <SaidAloud text={hasDrawing && trace ? sayReading(trace.probabilities) : ''} />
      <button
        type="button"
        class="button small"
        disabled={!hasDrawing}
        onClick={({ currentTarget }) => {
          currentTarget.parentElement?.querySelector<HTMLElement>('.pad')?.focus();
          clearPad();
        }}
      >
        Clear
      </button>
    </div>
  );
}
