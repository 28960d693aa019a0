import { useEffect, useMemo, useState } from 'preact/hooks';
import { grouped, percent } from '../../parts/format.js';
import { ModelPicker } from '../../parts/model-picker.js';
import { hasModel, isBusy, source, trained } from '../../state/store.js';
import type { Examination } from '../../worker/protocol.js';
import { commonestMistake, countConfusion, rowsOfCell, worstRows } from './confusion.js';
import { examination, examine, isExamining } from './examination.js';
import { ImageRow } from './image-row.js';
import { Matrix } from './matrix.js';

/** How many images of a cell are shown. */
const MOST_IMAGES = 24;

/** Which digits the network takes for which, with the images. */
export function Mistakes() {
  const [chosen, setChosen] = useState<readonly [number, number] | null>(null);
  const found = examination.value;
  const counts = useMemo(() => found && countConfusion(found), [found]);
  const model = hasModel.value ? `${source.value} ${trained.value?.receipt.weightsSha256}` : null;
  useEffect(() => {
    if (model !== null) void examine();
    else examination.value = null;
  }, [model]);
  return (
    <>
      <section class="lead">
        <h1>
          Where it is <em>wrong</em>
        </h1>
        <p class="large">{sayFound()}</p>
        <ModelPicker />
        {isBusy.value && found && (
          <div class="buttons">
            <button
              type="button"
              class="button small"
              aria-disabled={isExamining.value}
              onClick={() => void examine()}
            >
              Look again
            </button>
          </div>
        )}
      </section>
      {found && counts && (
        <Confusion
          found={found}
          counts={counts}
          cell={chosen ?? commonestMistake(counts)}
          onChoose={(label, said) => setChosen([label, said])}
        />
      )}
      {found && (
        <section class="worst">
          <h2>Its worst mistakes</h2>
          <p class="large">It was surest of these, and wrong. Would you have read them right?</p>
          <ImageRow found={found} rows={worstRows(found, MOST_IMAGES)} hasCaptions />
        </section>
      )}
    </>
  );
}

interface ConfusionProps {
  readonly found: Examination;
  readonly counts: readonly (readonly number[])[];
  readonly cell: readonly [number, number];
  readonly onChoose: (label: number, said: number) => void;
}

/** The matrix, and beside it the images of one of its cells. */
function Confusion({ found, counts, cell, onChoose }: ConfusionProps) {
  const [label, said] = cell;
  return (
    <section class="confusion">
      <Matrix counts={counts} chosen={cell} onChoose={onChoose} />
      <div class="cell-images" aria-live="polite">
        <h2>
          {label === said
            ? `${label}s that it reads right, the least certain first`
            : `${label}s that it takes for ${said}s`}
        </h2>
        <ImageRow found={found} rows={rowsOfCell(found, label, said, MOST_IMAGES)} />
        <p class="hint">Choose a cell to see its images, and an image to follow it.</p>
      </div>
    </section>
  );
}

function sayFound(): string {
  const found = examination.value;
  if (!hasModel.value)
    return 'Once the network has learned a little, this shows which digits it takes for which.';
  if (found === null) return 'It is reading the test images.';
  const count = found.labels.length;
  const wrong = Math.round((1 - found.accuracy) * count);
  return `Of ${grouped(count)} images that it never trained on, it reads ${percent(found.accuracy)} correctly. That leaves ${grouped(wrong)} mistakes.`;
}
