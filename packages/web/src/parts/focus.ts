/**
 * The keyboard must never lose its place: a button that goes away or cannot be pressed for a while
 * takes the focus along, unless it is `aria-disabled` instead, or the focus is sent on.
 */

/** Sends the focus on to the view. A link would change the hash, which says what view is shown. */
export function focusContent(): void {
  document.getElementById('content')?.focus({ preventScroll: true });
}

/** Sends the focus on to the drawing pad, where the next digit is drawn. */
export function focusPad(options?: FocusOptions): void {
  document.querySelector<HTMLElement>('.pad')?.focus(options);
}
