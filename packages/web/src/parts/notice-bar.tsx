import { notice } from '../state/store.js';
import { focusContent } from './focus.js';

/** What went wrong, in words, until the reader has read it. */
export function NoticeBar() {
  const { value } = notice;
  return (
    <div class="notices" aria-live="assertive">
      {value !== null && (
        <div class={`notice ${value.kind}`}>
          <p>
            <strong>{capital(value.message)}</strong>
            {value.fix && <span> {capital(value.fix)}</span>}
          </p>
          <button
            type="button"
            class="button small"
            onClick={() => {
              notice.value = null;
              focusContent();
            }}
          >
            Close
          </button>
        </div>
      )}
    </div>
  );
}

/** A message as a sentence. A file's or a field's name at its beginning stays as it is. */
function capital(text: string): string {
  const sentence = /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
