import { useState } from 'preact/hooks';

/** A text to take along, with a button that copies it. */
export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Select the text and copy it by hand');
    }
  };
  return (
    <div class="copyable">
      <code>{text}</code>
      <button type="button" class="button small" onClick={copy} aria-label={`Copy ${label}`}>
        Copy
      </button>
      <span class="said" role="status">
        {said}
      </span>
    </div>
  );
}
