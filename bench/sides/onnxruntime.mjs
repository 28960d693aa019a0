// ONNX Runtime: `node onnxruntime.mjs THREADS`; inference alone, of the model that Bitgrad exports.

import { join } from 'node:path';
import { requirePeer, versionOf } from './peers.mjs';
import { serve } from './protocol.mjs';

const { InferenceSession, Tensor } = requirePeer('onnxruntime-node');
const threads = Number(process.argv[2]);

await serve(versionOf('ONNX Runtime', 'onnxruntime-node'), async (task, material) => {
  const session = await InferenceSession.create(join(material.folder, `${task.name}.onnx`), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const calls = material.calls(task).map((/** @type {Float32Array} */ x) => ({
    input: new Tensor('float32', x, [task.batchSize, x.length / task.batchSize]),
  }));
  const run = async (/** @type {number} */ steps) => {
    for (let step = 0; step < steps; step += 1) await session.run(calls[step % calls.length]);
  };
  const { probabilities } = await session.run(calls[0]);
  return { check: [...probabilities.data.slice(0, 10)], run };
});
