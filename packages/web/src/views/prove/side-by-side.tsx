import { grouped } from '../../parts/format.js';
import { draft, draftProblem, isBusy } from '../../state/store.js';
import { EPOCHS_SHOWN, type RaceState, race, startRace, stopRace } from './race.js';

/** How far each backend is, and what it got. */
export function SideBySide() {
  const { value } = race;
  const isUnderWay = value !== null && !value.isOver;
  const isOff = isBusy.value || draftProblem.value !== null;
  return (
    <section class="prove-part" aria-labelledby="race-title">
      <h2 id="race-title">Two ways, the same bits</h2>
      <p class="large">
        WebAssembly and plain TypeScript, side by side: two programs of which neither knows the
        other, from one recipe.
      </p>
      <div class="buttons">
        {isUnderWay ? (
          <button type="button" class="button" onClick={stopRace}>
            Stop
          </button>
        ) : (
          <button
            type="button"
            class="button"
            aria-disabled={isOff}
            onClick={() => {
              if (!isOff) void startRace(draft.value);
            }}
          >
            {value === null ? 'Run both' : 'Run both again'}
          </button>
        )}
        <p class="hint">
          The first {EPOCHS_SHOWN} epochs of your recipe, on the first {grouped(7000)} digits.
        </p>
      </div>
      {value && <Race state={value} />}
    </section>
  );
}

function Race({ state }: { readonly state: RaceState }) {
  const { wasm, ts } = state;
  const rows = Array.from({ length: Math.max(1, wasm.length, ts.length) }, (_, at) => at);
  const both = Math.min(wasm.length, ts.length);
  const areSame = rows.slice(0, both).every((at) => wasm[at] === ts[at]);
  return (
    <>
      <table class="race">
        <caption class="hidden-visually">Digests of both backends by epoch</caption>
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            <th scope="col">WebAssembly</th>
            <th scope="col">TypeScript</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((at) => {
            const isSame = wasm[at] !== undefined && wasm[at] === ts[at];
            return (
              <tr key={at} class={isSame ? 'same' : ''}>
                <th scope="row">{at + 1}</th>
                <td class="digest">{wasm[at]?.slice(0, 12) ?? '…'}</td>
                <td class="digest">{ts[at]?.slice(0, 12) ?? '…'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class={`verdict ${both > 0 && areSame ? 'same' : ''}`} role="status">
        {both === 0
          ? 'Both are at work.'
          : areSame
            ? `The same bits after ${both === 1 ? 'one epoch' : `${both} epochs`}.`
            : 'They differ: this is a fault, please report it.'}
      </p>
    </>
  );
}
