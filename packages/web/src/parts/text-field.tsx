import { useId, useState } from 'preact/hooks';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly problem?: string | undefined;
  readonly hint?: string;
  readonly isNumber?: boolean;
}

/** A line of text or a number. What is being typed stays as typed, valid or not. */
export function TextField(props: TextFieldProps) {
  const { label, value, onChange, problem, hint, isNumber = false } = props;
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const note = problem ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={isNumber ? 'decimal' : 'text'}
        autocomplete="off"
        spellcheck={false}
        value={typed ?? value}
        aria-invalid={problem !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          onChange(event.currentTarget.value);
        }}
        onBlur={() => setTyped(null)}
      />
      {note !== undefined && (
        <p id={`${id}-note`} class={problem === undefined ? 'hint' : 'hint problem'}>
          {note}
        </p>
      )}
    </div>
  );
}
