// TensorFlow.js's convolutional networks, as variables and its own optimiser.

/**
 * A network's layers with their parameters as variables.
 *
 * @param {any} tf
 * @param {import('./protocol.mjs').Material} material
 * @param {{ name: string }} task
 * @returns {any[]}
 */
export function layersOf(tf, material, task) {
  return material.nodes(task).map((node) => ({
    ...node,
    of: Object.fromEntries(
      node.parameters.map((/** @type {any} */ { role, shape }) => {
        const isTrained = role !== 'mean' && role !== 'variance';
        return [role, tf.variable(tf.tensor(node.values[role], shape), isTrained)];
      }),
    ),
  }));
}

/**
 * The logits of images `[batch, height, width, channels]`.
 *
 * @param {any} tf
 * @param {any[]} layers
 * @param {any} x
 * @param {{ isTraining: boolean, drops: boolean }} options
 */
export function logitsOf(tf, layers, x, { isTraining, drops }) {
  return layers.reduce((out, layer) => {
    const { weight, bias, scale, shift, mean, variance } = layer.of;
    switch (layer.type) {
      case 'conv2d': {
        const sums = tf.conv2d(out, weight, layer.strides, 'same');
        return bias ? sums.add(bias) : sums;
      }
      case 'dense': {
        const sums = tf.matMul(out, weight);
        return bias ? sums.add(bias) : sums;
      }
      case 'maxPool2d':
        return tf.maxPool(out, layer.poolSize, layer.strides, 'valid');
      case 'flatten':
        return out.reshape([-1, ...layer.outputShape]);
      case 'dropout':
        return drops ? tf.dropout(out, layer.rate) : out;
      case 'batchNorm': {
        if (!isTraining) return tf.batchNorm(out, mean, variance, shift, scale, layer.epsilon);
        const axes = layer.inputShape.length === 3 ? [0, 1, 2] : [0];
        const now = tf.moments(out, axes);
        return tf.batchNorm(out, now.mean, now.variance, shift, scale, layer.epsilon);
      }
      default:
        return tf.relu(out);
    }
  }, x);
}
