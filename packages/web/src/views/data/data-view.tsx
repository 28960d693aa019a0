import { DigestLine } from '../../parts/digest-line.js';
import { DropZone } from '../../parts/drop-zone.js';
import { decimal, grouped, percent } from '../../parts/format.js';
import { chosenFolder } from '../../state/folder-files.js';
import { AskRow } from './ask-row.js';
import { closeImages, openImages } from './images-state.js';
import { ImagesPart } from './images-view.js';
import { Learning } from './learning.js';
import { isLearning, saveOwnModel, stopLearning } from './own-worker.js';
import { label, learn, openTable, prediction, result, table } from './table-state.js';

/** Data of the reader's own, a table or a folder of images: choose what to learn, train, ask, save. */
export function OwnDataView() {
  return (
    <>
      <section class="lead">
        <h1>
          Your own <em>data</em>
        </h1>
        <p class="large">
          A table, as spreadsheets save it: a line of names, then a row for each case. Choose the
          column that the others should tell. Or a folder of images, with a folder in it for each
          thing to tell apart. All of it is read, learned and kept nowhere but here.
        </p>
      </section>
      <section class="data-open">
        <DropZone accept=".csv,.tsv,.txt,text/csv" onChoose={([file]) => openOwnTable(file!)}>
          <b>Drop a CSV file here</b>, or choose one.
        </DropZone>
        <DropZone isFolder onChoose={(files) => openImages(chosenFolder(files))}>
          <b>Drop a folder of images here</b>, or choose one.
        </DropZone>
        <button type="button" class="button" onClick={() => void openFlowers()}>
          Try it with flowers
        </button>
      </section>
      <ImagesPart />
      {table.value && <Learn />}
      {result.value && <Learned />}
    </>
  );
}

/** A table that comes along, for those who have none at hand. */
async function openFlowers(): Promise<void> {
  const { default: text } = await import('../../../../../examples/data/flowers.csv?raw');
  await openOwnTable(new File([text], 'flowers.csv'));
}

function openOwnTable(file: File): Promise<void> {
  closeImages();
  return openTable(file);
}

function Learn() {
  const { name, columns, sample } = table.value!;
  return (
    <section class="prove-part" aria-labelledby="learn-title">
      <h2 id="learn-title">{name}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section class="digests" tabIndex={0} aria-label="The first rows">
        <table>
          <thead>
            <tr>
              {columns.map((column, at) => (
                <th key={at} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sample.map((cells, at) => (
              <tr key={at}>
                {cells.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div class="buttons">
        <label class="field inline">
          <span>What to learn</span>
          <select
            value={label.value}
            onChange={(event) => {
              label.value = event.currentTarget.value;
            }}
          >
            {columns.map((column, at) => (
              <option key={at} value={column}>
                {column}
              </option>
            ))}
          </select>
        </label>
        {isLearning.value ? (
          <button type="button" class="button" onClick={stopLearning}>
            Stop
          </button>
        ) : (
          <button type="button" class="button primary" onClick={() => void learn()}>
            Learn
          </button>
        )}
      </div>
      <Learning begun="Reading the table" />
    </section>
  );
}

function Learned() {
  const { train, test, epochs, testAccuracy, testLoss, isRegression, weightsSha256 } =
    result.value!;
  return (
    <section class="prove-part" aria-labelledby="learned-title">
      <h2 id="learned-title">What it learned</h2>
      <p class="large" role="status">
        From {grouped(train)} rows, in {epochs} epochs.{' '}
        {isRegression
          ? `On ${grouped(test)} rows that it never saw, its squared error is ${testLoss === null ? 'unknown' : decimal(testLoss, 4)}.`
          : testAccuracy === null
            ? 'No rows were held out to test it.'
            : `Of ${grouped(test)} rows that it never saw, it gets ${percent(testAccuracy, 1)} right.`}
      </p>
      <AskRow />
      {prediction.value && (
        <p class="verdict same" role="status">
          {'value' in prediction.value
            ? `${label.value}: ${decimal(prediction.value.value, 3)}`
            : `${label.value}: ${prediction.value.className}, ${percent(prediction.value.probability, 1)} sure`}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="button" onClick={() => void saveOwnModel(result.value!.name)}>
          Save the model
        </button>
        <p class="hint">
          A safetensors file with its receipt, for <code>bitgrad predict</code> and{' '}
          <code>bitgrad verify</code>.
        </p>
      </div>
      <DigestLine digest={weightsSha256} />
    </section>
  );
}
