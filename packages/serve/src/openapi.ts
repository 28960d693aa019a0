import { ANSWER, LIVE, MODEL, MODEL_READY, READY, REQUEST, SERVER, STATE } from './schemas.js';

/** What the server answers, as OpenAPI 3.1. */
export function openApi(version: string, hasToken: boolean): object {
  const inPath = (name: string): object => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  });
  const [model, ofModel] = [inPath('model'), inPath('version')];
  /** Pages of a model are also those of its versions. */
  const ofVersions = (path: string, page: (parameters: object[]) => object): object => ({
    [`/v2/models/{model}${path}`]: page([model]),
    [`/v2/models/{model}/versions/{version}${path}`]: page([model, ofModel]),
  });
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
      '/v2': get('The server', SERVER),
      '/v2/health/live': get('Whether the server runs', LIVE),
      '/v2/health/ready': get('Whether it takes requests', READY),
      ...ofVersions('', (parameters) => get('What a model takes and gives', MODEL, parameters)),
      ...ofVersions('/ready', (parameters) =>
        get('Whether a model takes requests', MODEL_READY, parameters),
      ),
      ...ofVersions('/infer', (parameters) =>
        post(
          'Infer, by the Open Inference Protocol',
          { ...json(REQUEST), 'application/octet-stream': {} },
          ANSWER,
          parameters,
        ),
      ),
      '/v1/models/{model}': get('The state of a model', STATE, [model]),
      '/v1/models/{model}:predict': post(
        "Predict, in TensorFlow Serving's form",
        json({ type: 'object', properties: { instances: { type: 'array' } } }),
        { type: 'object', properties: { predictions: { type: 'array' } } },
        [model],
      ),
      '/models': get('All models', { type: 'array', items: MODEL }),
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

const RECEIPT = {
  description: "SHA-256 of the receipt of the model's training",
  schema: { type: 'string' },
};
function json(schema: object): Record<string, object> {
  return { 'application/json': { schema } };
}
