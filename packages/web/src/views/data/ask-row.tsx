import { useId } from 'preact/hooks';
import { predict, result, row } from './table-state.js';

/** A row to ask about: a field for each column, beginning with the first row of the table. */
export function AskRow() {
  const id = useId();
  const set = (name: string, value: string) => {
    row.value = { ...row.value, [name]: value };
  };
  return (
    <form
      class="ask-row"
      onSubmit={(event) => {
        event.preventDefault();
        void predict();
      }}
    >
      {result.value!.columns.map(({ name, values }, at) => (
        <div key={name} class="field">
          <label for={`${id}-${at}`}>{name}</label>
          {values === null ? (
            <input
              id={`${id}-${at}`}
              type="text"
              autocomplete="off"
              value={row.value[name] ?? ''}
              onInput={(event) => set(name, event.currentTarget.value)}
            />
          ) : (
            <select
              id={`${id}-${at}`}
              value={row.value[name] ?? ''}
              onChange={(event) => set(name, event.currentTarget.value)}
            >
              {values.map((value) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
            </select>
          )}
        </div>
      ))}
      <button type="submit" class="button">
        Ask it
      </button>
    </form>
  );
}
