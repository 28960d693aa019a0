// jax-js on WebAssembly: a jitted step.

import { importPeer, versionOf } from './peers.mjs';
import { checkTraining, serve } from './protocol.mjs';

const PACKAGE = '@jax-js/jax';
const {
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy: np,
  tree,
  valueAndGrad,
} = await importPeer(PACKAGE, 'dist/index.js');
await init('wasm');
defaultDevice('wasm');

/**
 * The layers without dropout, which is left out here, and their parameters. Images are `[batch,
 * channels, height, width]`.
 *
 * @param {import('./protocol.mjs').Material} material
 * @param {{ name: string }} task
 */
function networkOf(material, task) {
  const nodes = material.nodes(task).filter(({ type }) => type !== 'dropout');
  const parameters = nodes.map((node, at) =>
    Object.fromEntries(
      node.parameters.map((/** @type {any} */ { role, shape }) => {
        const array = np.array(node.values[role]).reshape(shape);
        const before = nodes[at - 1];
        if (role === 'weight' && node.type === 'conv2d')
          return [role, array.transpose([3, 2, 0, 1])];
        if (role !== 'weight' || before?.type !== 'flatten') return [role, array];
        const moved = array.reshape([...before.inputShape, -1]).transpose([2, 0, 1, 3]);
        return [role, moved.reshape(shape)];
      }),
    ),
  );
  return { nodes, parameters };
}

/** Batches as the network takes them. @param {any} first layer @param {Float32Array} x */
function inputOf({ inputShape }, x) {
  const array = np.array(x);
  if (inputShape.length === 1) return array.reshape([-1, ...inputShape]);
  return array.reshape([-1, ...inputShape]).transpose([0, 3, 1, 2]);
}

/**
 * @param {any[]} nodes
 * @param {any[]} parameters
 * @param {any} x
 * @param {boolean} isTraining
 */
function logitsOf(nodes, parameters, x, isTraining) {
  return nodes.reduce((out, node, at) => {
    const { weight, bias, scale, shift, mean, variance } = parameters[at];
    const isImage = node.outputShape.length === 3;
    const perChannel = (/** @type {any} */ values) =>
      isImage ? values.reshape([1, -1, 1, 1]) : values.reshape([1, -1]);
    switch (node.type) {
      case 'conv2d': {
        const sums = lax.conv(out, weight, [node.strides, node.strides], 'SAME');
        return bias ? sums.add(perChannel(bias)) : sums;
      }
      case 'dense': {
        const sums = np.dot(out, weight);
        return bias ? sums.add(bias) : sums;
      }
      case 'maxPool2d': {
        const [height, width, channels] = node.outputShape;
        return out.reshape([-1, channels, height, 2, width, 2]).max([3, 5]);
      }
      case 'flatten':
        return out.reshape([-1, ...node.outputShape]);
      case 'batchNorm': {
        const axes = isImage ? [0, 2, 3] : [0];
        const means = isTraining ? out.ref.mean(axes, { keepdims: true }) : perChannel(mean);
        const centred = out.sub(means);
        const variances = isTraining
          ? np.square(centred.ref).mean(axes, { keepdims: true })
          : perChannel(variance);
        const normed = centred.div(np.sqrt(variances.add(node.epsilon)));
        return normed.mul(perChannel(scale)).add(perChannel(shift));
      }
      default:
        return nn.relu(out);
    }
  }, x);
}

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {import('./protocol.mjs').Material} material
 */
function openTraining(task, material) {
  const { batchSize, rate } = task;
  const network = networkOf(material, task);
  const { nodes } = network;
  let { parameters } = network;
  const gradient = valueAndGrad(
    (/** @type {any[]} */ now, /** @type {any} */ x, /** @type {any} */ y) =>
      nn
        .logSoftmax(logitsOf(nodes, now, x, true), -1)
        .mul(y)
        .sum()
        .mul(-1 / batchSize),
  );
  const step = jit((/** @type {any[]} */ now, /** @type {any} */ x, /** @type {any} */ y) => {
    const [loss, slopes] = gradient(tree.ref(now), x, y);
    const next = now.map((roles, layer) =>
      Object.fromEntries(
        Object.entries(roles).map(([role, value]) => [
          role,
          value.sub(slopes[layer][role].mul(rate)),
        ]),
      ),
    );
    return [loss, next];
  });
  const batches = material.batches(task).map(({ x, y }) => ({
    x: inputOf(nodes[0], x),
    y: np.array(y).reshape([batchSize, -1]),
  }));
  let next = 0;
  const run = (/** @type {number} */ steps) => {
    let loss = Number.NaN;
    for (let i = 0; i < steps; i += 1) {
      const { x, y } = /** @type {any} */ (batches[next]);
      next = (next + 1) % batches.length;
      const [lossNow, updated] = step(parameters, x.ref, y.ref);
      parameters = updated;
      // Reading makes it work at once; what it puts off costs more the more there is of it.
      [loss] = lossNow.dataSync();
    }
    return loss;
  };
  return { check: checkTraining(task, run), run };
}

/**
 * @param {import('../workloads.mjs').Inference} task
 * @param {import('./protocol.mjs').Material} material
 */
function openInference(task, material) {
  const { nodes, parameters } = networkOf(material, task);
  const predict = jit((/** @type {any[]} */ now, /** @type {any} */ x) =>
    nn.softmax(logitsOf(nodes, now, x, false), -1),
  );
  const calls = material.calls(task).map((x) => inputOf(nodes[0], x));
  const call = (/** @type {number} */ at) =>
    predict(tree.ref(parameters), calls[at % calls.length].ref).dataSync();
  const run = (/** @type {number} */ steps) => {
    for (let step = 0; step < steps; step += 1) call(step);
  };
  return { check: [...call(0).slice(0, 10)], run };
}

await serve(versionOf('jax-js', PACKAGE), (task, material) =>
  task.kind === 'train' ? openTraining(task, material) : openInference(task, material),
);
