import { DigestLine } from '../../parts/digest-line.js';
import { DropZone } from '../../parts/drop-zone.js';
import { grouped, percent } from '../../parts/format.js';
import { Photo } from '../../parts/photo.js';
import { sayLayers } from '../train/say-recipe.js';
import { askImage, imageAnswer, images, imagesResult, learnImages } from './images-state.js';
import { Learning } from './learning.js';
import { imagesRead, isLearning, saveOwnModel, stopLearning } from './own-worker.js';

/** A folder of the reader's own images: what is in it, training, asking, saving. */
export function ImagesPart() {
  return (
    <>
      {imagesRead.value && (
        <p class="large" role="status">
          Reading {grouped(imagesRead.value.read)} of {grouped(imagesRead.value.of)} files
        </p>
      )}
      {images.value && <Learn />}
      {imagesResult.value && <Learned />}
    </>
  );
}

function Learn() {
  const { name, count, classes, height, width, channels, isExact } = images.value!;
  return (
    <section class="prove-part" aria-labelledby="images-title">
      <h2 id="images-title">{name}</h2>
      <p class="large">
        {grouped(count)} images in {classes.length} classes, each made {width} by {height} pixels,{' '}
        {channels === 3 ? 'in colour' : 'grey'}.
      </p>
      <ul class="image-classes">
        {classes.map((one) => (
          <li key={one.name}>
            <b>{one.name}</b> <span class="number">{grouped(one.count)}</span>
            <div>
              {one.images.map((pixels, at) => (
                <Photo
                  key={at}
                  {...{ pixels, height, width, channels }}
                  label={`An image of ${one.name}`}
                />
              ))}
            </div>
          </li>
        ))}
      </ul>
      <p class="hint">
        {isExact
          ? 'All are plain PNG files: the command reads the same bits of them, and gets the same digest.'
          : 'Some are no plain PNG files (of 8 bits, grey or in colours), so this browser decodes them. Decoders may differ in a bit: another browser, or the command, may get another digest.'}
      </p>
      <div class="buttons">
        {isLearning.value ? (
          <button type="button" class="button" onClick={stopLearning}>
            Stop
          </button>
        ) : (
          <button type="button" class="button primary" onClick={() => void learnImages()}>
            Learn
          </button>
        )}
      </div>
      <Learning begun="Begun" />
    </section>
  );
}

function Learned() {
  const { recipe, train, test, epochs, testAccuracy, weightsSha256 } = imagesResult.value!;
  return (
    <section class="prove-part" aria-labelledby="images-learned-title">
      <h2 id="images-learned-title">What it learned</h2>
      <p class="large" role="status">
        From {grouped(train)} images, in {epochs} epochs.{' '}
        {testAccuracy === null
          ? 'None were held out to test it.'
          : `Of ${grouped(test)} images that it never saw, it gets ${percent(testAccuracy, 1)} right.`}
      </p>
      <p class="hint">{sayLayers(recipe.layers, ' → ')}</p>
      <DropZone accept="image/*" onChoose={([file]) => askImage(file!)}>
        <b>Ask it about a picture</b> that it never saw.
      </DropZone>
      {imageAnswer.value && (
        <p class="verdict same" role="status">
          {imageAnswer.value.className}, {percent(imageAnswer.value.probability, 1)} sure
        </p>
      )}
      <div class="buttons">
        <button
          type="button"
          class="button"
          onClick={() => void saveOwnModel(images.value?.name ?? 'images')}
        >
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
