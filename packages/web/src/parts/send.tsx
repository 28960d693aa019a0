import { Copyable } from './copy.js';

/** A link to take along: copied, or given to the device's own way of sharing. */
export function Send({ link, label, title }: { link: string; label: string; title: string }) {
  const share = () => {
    // Whoever closes the sheet has changed their mind; there is nothing to tell.
    navigator.share({ title, url: link }).catch(() => undefined);
  };
  return (
    <div class="send">
      <Copyable text={link} label={label} />
      {'share' in navigator && (
        <button type="button" class="button" onClick={share}>
          Share
        </button>
      )}
    </div>
  );
}
