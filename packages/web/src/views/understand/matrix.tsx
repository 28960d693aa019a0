import { useRef, useState } from 'preact/hooks';

interface MatrixProps {
  /** `[10, 10]`, as countConfusion gives them. */
  readonly counts: readonly (readonly number[])[];
  readonly chosen: readonly [number, number];
  readonly onChoose: (label: number, said: number) => void;
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The confusion matrix as a grid of buttons: one tab stop, arrow keys inside. */
export function Matrix({ counts, chosen, onChoose }: MatrixProps) {
  const [stop, setStop] = useState(chosen);
  const table = useRef<HTMLTableElement>(null);
  const most = Math.max(
    1,
    ...counts.flatMap((row, label) => row.filter((_, said) => said !== label)),
  );
  const move = (event: KeyboardEvent) => {
    const step = MOVES[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = stop.map((at, axis) => Math.min(9, Math.max(0, at + step[axis]!)));
    setStop([next[0]!, next[1]!]);
    table.current?.querySelector<HTMLButtonElement>(`[data-cell="${next[0]}-${next[1]}"]`)?.focus();
  };
  return (
    <div class="matrix-box">
      <table class="matrix" ref={table} onKeyDown={move}>
        <caption>Rows: what it is. Columns: what the network says.</caption>
        <thead>
          <tr>
            <td />
            {counts.map((_, said) => (
              <th key={said} scope="col">
                {said}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, label) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {row.map((count, said) => (
                <td key={said}>
                  <button
                    type="button"
                    data-cell={`${label}-${said}`}
                    class={label === said ? 'right' : ''}
                    style={{ '--share': label === said ? 0 : Math.sqrt(count / most) }}
                    tabIndex={stop[0] === label && stop[1] === said ? 0 : -1}
                    aria-pressed={chosen[0] === label && chosen[1] === said}
                    aria-label={`${count} of digit ${label} read as ${said}`}
                    onClick={() => {
                      setStop([label, said]);
                      onChoose(label, said);
                    }}
                  >
                    {count === 0 ? '' : count}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
