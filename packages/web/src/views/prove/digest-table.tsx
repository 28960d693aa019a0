import { percent } from '../../parts/format.js';

export interface DigestRow {
  readonly epoch: number;
  readonly digest: string;
  readonly accuracy?: number | null;
  /** Whether it is what was expected, where something was. */
  readonly isSame?: boolean;
}

interface DigestTableProps {
  readonly rows: readonly DigestRow[];
  /** Whose they are: there may be two tables on a page. */
  readonly label: string;
}

/** Digests by epoch, the latest first. */
export function DigestTable({ rows, label }: DigestTableProps) {
  if (rows.length === 0) return <p class="hint">The first epoch is not done yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="digests" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            <th scope="col">SHA-256 of all weights</th>
            <th scope="col">{rows[0]?.isSame === undefined ? 'Test' : 'Here'}</th>
          </tr>
        </thead>
        <tbody>
          {[...rows].reverse().map(({ epoch, digest, accuracy, isSame }) => (
            <tr key={epoch}>
              <th scope="row">{epoch}</th>
              <td class="digest">{digest}</td>
              <td>
                {isSame !== undefined && (isSame ? 'the same' : 'differs')}
                {typeof accuracy === 'number' && percent(accuracy)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
