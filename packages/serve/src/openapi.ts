/** What the server answers, as OpenAPI 3.1. */
export function openApi(version: string, hasToken: boolean): object {
  const model = { name: 'model', in: 'path', required: true, schema: { type: 'string' } };
  const error = {
    description: 'What was expected and what was received',
    content: json({
      type: 'object',
      required: ['error'],
      properties: { error: { type: 'string' } },
    }),
  };
  const answer = (description: string, schema: object): object => ({
    200: { description, content: json(schema), headers: { 'Bitgrad-Receipt': RECEIPT } },
    default: error,
  });
  const get = (summary: string, schema: object, parameters: object[] = []): object => ({
    get: { summary, parameters, responses: answer(summary, schema) },
  });
  const post = (
    summary: string,
    content: object,
    schema: object,
    parameters: object[],
  ): object => ({
    post: {
      summary,
      parameters,
      requestBody: { required: true, content },
      responses: answer(summary, schema),
    },
  });
  return {
    openapi: '3.1.0',
    info: { title: 'Bitgrad models', version },
    ...(hasToken
      ? {
          components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
          security: [{ token: [] }],
        }
      : {}),
    paths: {
      '/v2': get('The server', OBJECT),
      '/v2/health/live': get('Whether the server runs', OBJECT),
      '/v2/health/ready': get('Whether it takes requests', OBJECT),
      '/v2/models/{model}': get('What a model takes and gives', OBJECT, [model]),
      '/v2/models/{model}/ready': get('Whether a model takes requests', OBJECT, [model]),
      '/v2/models/{model}/infer': post(
        'Infer, by the Open Inference Protocol',
        { ...json(TENSORS), 'application/octet-stream': {} },
        OBJECT,
        [model],
      ),
      '/v1/models/{model}': get('The state of a model', OBJECT, [model]),
      '/v1/models/{model}:predict': post(
        "Predict, in TensorFlow Serving's form",
        json({ type: 'object', properties: { instances: { type: 'array' } } }),
        { type: 'object', properties: { predictions: { type: 'array' } } },
        [model],
      ),
      '/models': get('All models', { type: 'array', items: OBJECT }),
      '/models/{model}/predict': post(
        'Predict a row, rows, a table or an image',
        { ...json({}), 'text/csv': {}, 'image/png': {}, 'image/jpeg': {}, 'image/webp': {} },
        {},
        [model],
      ),
      '/metrics': {
        get: { summary: 'For Prometheus', responses: { 200: { description: 'Text' } } },
      },
    },
  };
}

const OBJECT = { type: 'object' };
const RECEIPT = {
  description: "SHA-256 of the receipt of the model's training",
  schema: { type: 'string' },
};
const TENSORS = {
  type: 'object',
  required: ['inputs'],
  properties: {
    id: { type: 'string' },
    inputs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'shape', 'datatype'],
        properties: {
          name: { type: 'string' },
          shape: { type: 'array', items: { type: 'integer' } },
          datatype: { type: 'string' },
          data: { type: 'array' },
        },
      },
    },
    outputs: { type: 'array', items: OBJECT },
  },
};

function json(schema: object): Record<string, object> {
  return { 'application/json': { schema } };
}
