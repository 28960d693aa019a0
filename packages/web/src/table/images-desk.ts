import { BitgradError, type Dataset, RECIPES } from '@bitgrad/core';
import { fileTree, PixelBudget, prepareImage, readClassTree } from '@bitgrad/formats/image-folder';
import { decodeHere } from '../images/decode.js';
import type { Tell } from '../worker/protocol.js';
import type { Learner } from './learner.js';
import type { ImageRequests, OpenedImages } from './table-protocol.js';

/** So many images of each class are shown. */
const SHOWN = 4;

/** As large as the command makes images where nobody says how large. */
const [HEIGHT, WIDTH] = RECIPES.images.layers[0] as readonly [number, number, number];

type ImagesDesk = {
  [Name in keyof ImageRequests]: (
    given: ImageRequests[Name]['given'],
  ) => Promise<ImageRequests[Name]['answer']>;
};

/** The worker's side of a reader's own folder of images, one folder of them a class. */
export function openImagesDesk(tell: Tell, learner: Learner): ImagesDesk {
  let dataset: Dataset | undefined;

  return {
    imagesOpen: async ({ name, files }) => {
      dataset = undefined;
      learner.forget();
      let [read, isExact] = [0, true];
      const tree = fileTree(
        files.map(({ path, file }) => ({
          path,
          read: async () => new Uint8Array(await file.arrayBuffer()),
        })),
      );
      const options = { usualImageSize: { height: HEIGHT, width: WIDTH } };
      dataset = await readClassTree(name, name, tree, options, async (bytes, fileName, budget) => {
        const image = await decodeHere(bytes, fileName, budget);
        isExact &&= image.isExact;
        read += 1;
        tell('imagesRead', { read, of: files.length });
        return image;
      });
      return describe(dataset, isExact);
    },
    imagesTrain: async () => {
      if (dataset === undefined) throw new BitgradError('there are no images to learn from yet');
      const { receipt, recipe } = await learner.learn(dataset, learner.begin());
      const { testAccuracy, weightsSha256, epochs } = receipt;
      const { train, test } = receipt.dataset;
      return { recipe, testAccuracy, train, test, epochs: epochs.length, weightsSha256 };
    },
    imagesAsk: async ({ file }) => {
      const { image } = learner.model.receipt.dataset;
      if (image === null) throw new BitgradError('the model did not learn from images');
      const bytes = new Uint8Array(await file.arrayBuffer());
      const picture = await decodeHere(bytes, file.name, new PixelBudget());
      const pixels = prepareImage(picture, { kind: 'resize', size: image }, file.name);
      const prediction = await learner.predict(pixels);
      if (!('label' in prediction)) throw new BitgradError('the model tells numbers');
      const { className, label, probabilities } = prediction;
      return { className: className ?? String(label), probability: probabilities[label]! };
    },
  };
}

function describe(dataset: Dataset, isExact: boolean): OpenedImages {
  const { name, labels, classes, classNames, image, features } = dataset;
  const { height, width, channels = 1 } = image!;
  return {
    name,
    count: labels.length,
    isExact,
    height,
    width,
    channels,
    classes: Array.from({ length: classes }, (_, index) => {
      const places = [...labels.keys()].filter((at) => labels[at] === index);
      return {
        name: classNames?.[index] ?? String(index),
        count: places.length,
        images: places
          .slice(0, SHOWN)
          .map((at) => (dataset.inputs as Uint8Array).slice(at * features, (at + 1) * features)),
      };
    }),
  };
}
