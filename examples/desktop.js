// A desktop program as Electron has them: the main process holds the model, on the native backend, and
// the window, which has nothing of Node, asks it. A child process stands for the window here.
//
//   node examples/desktop.js

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BitgradError, train } from 'bitgrad';

if (process.send) await window();
else await main();

/** The main process. With Electron: `ipcMain.handle('predict', (_event, row) => answer(model, row))`. */
async function main() {
  const flowers = fileURLToPath(new URL('data/flowers.csv', import.meta.url));
  const model = await train(flowers, { label: 'kind', seed: 1 });
  const child = fork(fileURLToPath(import.meta.url));
  child.on('message', (/** @type {{ id: number, row: Record<string, number> }} */ { id, row }) => {
    child.send({ id, ...answer(model, row) });
  });
  await once(child, 'exit');
  model.close();
}

/**
 * What is sent back: plain values, an error's text among them.
 *
 * @param {import('bitgrad').Model} model
 * @param {Record<string, number>} row
 */
function answer(model, row) {
  try {
    return { prediction: model.predict(row) };
  } catch (error) {
    if (error instanceof BitgradError) return { error: error.message };
    throw error;
  }
}

/** The window. With Electron: `contextBridge` gives it `predict`, which is `ipcRenderer.invoke`. */
async function window() {
  const flower = { 'petal length': 1.4, 'petal width': 0.2, 'sepal length': 5.1 };
  const { prediction } = await predict(1, { ...flower, 'sepal width': 3.5 });
  console.log(`the window shows ${prediction?.label}`);
  const { error } = await predict(2, flower);
  console.log(`and says ${error}`);
  process.disconnect();
}

/**
 * @param {number} id
 * @param {Record<string, number>} row
 * @returns {Promise<{ prediction?: import('bitgrad').ClassPrediction, error?: string }>}
 */
async function predict(id, row) {
  process.send?.({ id, row });
  const [answered] = await once(process, 'message');
  return answered;
}
