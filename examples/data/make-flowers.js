// Makes flowers.csv: 150 invented flowers of three kinds, which differ much as irises do.
//
//   node examples/data/make-flowers.js

import { writeFileSync } from 'node:fs';
import { Stream } from '@bitgrad/core';

/** Mean and deviation of petal length, petal width, sepal length and sepal width, in cm. */
const KINDS = {
  daisy: [1.4, 0.2, 0.3, 0.1, 5.0, 0.3, 3.4, 0.4],
  poppy: [4.2, 0.5, 1.3, 0.2, 5.9, 0.5, 2.8, 0.3],
  tulip: [5.5, 0.6, 2.0, 0.3, 6.6, 0.6, 3.0, 0.3],
};

const stream = new Stream(1, 'weights', 0);
const rows = Object.entries(KINDS).flatMap(([kind, numbers]) =>
  Array.from({ length: 50 }, () => {
    const cells = [0, 2, 4, 6].map((at) => {
      const [mean = 0, deviation = 0] = numbers.slice(at, at + 2);
      return Math.max(0.1, mean + deviation * stream.normal()).toFixed(1);
    });
    return [...cells, kind].join(',');
  }),
);
const header = 'petal length,petal width,sepal length,sepal width,kind';
writeFileSync(new URL('flowers.csv', import.meta.url), `${[header, ...rows].join('\n')}\n`);
