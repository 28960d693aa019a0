import { useEffect, useState } from 'preact/hooks';

/** A text, once it has stayed the same for a while. */
export function useSettled(text: string, milliseconds: number): string {
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), milliseconds);
    return () => clearTimeout(timer);
  }, [text, milliseconds]);
  return settled;
}

/** Says a text that changes all the time to those who listen, once it has come to rest. */
export function SaidAloud({ text }: { readonly text: string }) {
  return (
    <p class="hidden-visually" role="status">
      {useSettled(text, 600)}
    </p>
  );
}
