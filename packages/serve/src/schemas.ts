// What the Open Inference Protocol says that requests and answers are, as JSON schemas
// (https://github.com/kserve/open-inference-protocol), with the extension for binary tensors.

const TEXT = { type: 'string' };
const YES = { type: 'boolean' };
const PARAMETERS = { type: 'object' };

const listOf = (items: object): object => ({ type: 'array', items });

/** An object of these fields, of which all are there but those named. */
const object = (properties: Readonly<Record<string, object>>, ...optional: string[]): object => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

const described = { name: TEXT, datatype: TEXT, shape: listOf({ type: 'integer' }) };
/** Data stand here, or in binary behind the JSON. */
const TENSOR = object(
  { ...described, parameters: PARAMETERS, data: { type: 'array' } },
  'parameters',
  'data',
);

export const SERVER = object({ name: TEXT, version: TEXT, extensions: listOf(TEXT) });
export const LIVE = object({ live: YES });
export const READY = object({ ready: YES });
export const MODEL_READY = object({ name: TEXT, ready: YES });
export const MODEL = object({
  name: TEXT,
  versions: listOf(TEXT),
  platform: TEXT,
  inputs: listOf(object(described)),
  outputs: listOf(object(described)),
  parameters: PARAMETERS,
});
export const REQUEST = object(
  {
    id: TEXT,
    parameters: PARAMETERS,
    inputs: listOf(TENSOR),
    outputs: listOf(object({ name: TEXT, parameters: PARAMETERS }, 'parameters')),
  },
  'id',
  'parameters',
  'outputs',
);
export const ANSWER = object(
  { model_name: TEXT, model_version: TEXT, id: TEXT, outputs: listOf(TENSOR) },
  'id',
);

/** Of TensorFlow Serving. */
export const STATE = object({
  name: TEXT,
  ready: YES,
  model_version_status: listOf(
    object({
      version: TEXT,
      state: TEXT,
      status: object({ error_code: TEXT, error_message: TEXT }),
    }),
  ),
});
