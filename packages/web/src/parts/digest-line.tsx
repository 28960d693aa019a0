/** A model's digest, and what it is. */
export function DigestLine({ digest }: { readonly digest: string }) {
  return (
    <div class="digest-line">
      <p class="hint">SHA-256 of all weights</p>
      <p class="digest">{digest}</p>
    </div>
  );
}
