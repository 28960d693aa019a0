import { Send } from '../../parts/send.js';
import { encodeDrawing } from '../../state/drawing-text.js';
import { strokes } from './drawing.js';

/** A link that carries the drawing: nothing is stored anywhere else. */
export function SendDrawing() {
  const link = new URL(`#/draw?drawing=${encodeDrawing(strokes.value)}`, location.href).href;
  return (
    <section class="correction" aria-labelledby="send-title">
      <h2 id="send-title">Can theirs read it?</h2>
      <p class="large">The link holds the drawing itself. Send it to somebody who trains, too.</p>
      <Send link={link} label="the link with the drawing" title="Can your network read this?" />
    </section>
  );
}
