import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { textOf } from '../content.js';
import { RequestError, refuse } from '../errors.js';
import { inputsOf, outputsOf, samplesOf, tensorsOf } from '../inference.js';
import type { ModelStore } from '../model-store.js';
import type { ServedModel } from '../served-model.js';
import { binaryOf, type OutputTensor, readTensors } from '../tensors.js';

const HEADER_LENGTH = 'inference-header-content-length';

interface Place {
  readonly model: string;
  readonly version?: string;
}

/**
 * The Open Inference Protocol over REST, version 2
 * (https://github.com/kserve/open-inference-protocol), with its extension for binary tensors.
 *
 * @param isReady whether the server takes requests
 * @param version of the server
 */
export function openInference(
  app: FastifyInstance,
  store: ModelStore,
  isReady: () => boolean,
  version: string,
  mark: (reply: FastifyReply, model: ServedModel) => void,
): void {
  app.get('/v2', async () => ({ name: 'bitgrad', version, extensions: ['binary_tensor_data'] }));
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async (_request, reply) => {
    if (!isReady()) reply.code(503);
    return { ready: isReady() };
  });
  const find = (request: FastifyRequest): ServedModel => {
    const { model, version: wanted } = request.params as Place;
    return store.find(model, wanted);
  };
  for (const place of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get(place, async (request, reply) => {
      const model = find(request);
      mark(reply, model);
      return describe(model);
    });
    app.get(`${place}/ready`, async (request) => ({ name: find(request).name, ready: true }));
    app.post(`${place}/infer`, async (request, reply) => {
      const model = find(request);
      mark(reply, model);
      return infer(model, request, reply);
    });
  }
}

/** What is known of a model. */
export function describe(model: ServedModel): object {
  const { name, version, saved, receiptSha256 } = model;
  return {
    name,
    versions: [version],
    platform: 'bitgrad',
    inputs: inputsOf(model),
    outputs: outputsOf(model),
    parameters: {
      receiptSha256,
      weightsSha256: saved.receipt.weightsSha256,
      ...(saved.classNames ? { classNames: saved.classNames } : {}),
    },
  };
}

async function infer(
  model: ServedModel,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { head, binary } = divide(request);
  const tensors = readTensors(head.inputs, binary);
  const outputs = await model.predict(samplesOf(model, tensors));
  const wanted = choose(tensorsOf(model, outputs), head);
  const answer = {
    model_name: model.name,
    model_version: model.version,
    ...(typeof head.id === 'string' ? { id: head.id } : {}),
    outputs: wanted.map(({ tensor: { data, ...described }, isBinary, bytes }) => ({
      ...described,
      ...(isBinary ? { parameters: { binary_data_size: bytes!.length } } : { data }),
    })),
  };
  const parts = wanted.flatMap(({ bytes }) => (bytes ? [bytes] : []));
  if (parts.length === 0) return answer;
  const text = Buffer.from(JSON.stringify(answer));
  reply.header('Inference-Header-Content-Length', text.length);
  reply.type('application/octet-stream');
  return Buffer.concat([text, ...parts]);
}

/** A request's JSON, and what follows it. */
function divide(request: FastifyRequest): { head: Record<string, unknown>; binary: Uint8Array } {
  const { body } = request;
  if (!Buffer.isBuffer(body)) refuse('a request in JSON', body);
  const length = request.headers[HEADER_LENGTH];
  const end =
    length === undefined ? body.length : /^\d+$/.test(String(length)) ? Number(length) : Number.NaN;
  if (!Number.isSafeInteger(end) || end < 0 || end > body.length) {
    refuse(`${HEADER_LENGTH} of at most ${body.length}`, length);
  }
  const head = parseJson(body.subarray(0, end));
  if (typeof head !== 'object' || head === null || Array.isArray(head)) {
    refuse('an object with inputs', head);
  }
  const { id, outputs } = head as Record<string, unknown>;
  if (typeof (id ?? '') !== 'string') refuse('a text as id', id);
  if (!Array.isArray(outputs ?? [])) refuse('a list of outputs', outputs);
  return { head: head as Record<string, unknown>, binary: body.subarray(end) };
}

/** @throws RequestError if the bytes are no JSON */
export function parseJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, 'expected JSON, received something else');
  }
}

interface Wanted {
  readonly tensor: OutputTensor;
  readonly isBinary: boolean;
  readonly bytes: Uint8Array | null;
}

/** The tensors that were asked for, or all. */
function choose(
  tensors: readonly OutputTensor[],
  { outputs, parameters }: Record<string, unknown>,
): Wanted[] {
  const all = (parameters as { binary_data_output?: unknown } | undefined)?.binary_data_output;
  const asked = Array.isArray(outputs) && outputs.length > 0 ? outputs : tensors;
  return asked.map((one: { name?: unknown; parameters?: { binary_data?: unknown } }) => {
    const tensor = tensors.find(({ name }) => name === one?.name);
    if (tensor === undefined) {
      refuse(`outputs among ${tensors.map(({ name }) => name).join(', ')}`, one?.name);
    }
    const isBinary = (one.parameters?.binary_data ?? all) === true;
    return { tensor, isBinary, bytes: isBinary ? binaryOf(tensor) : null };
  });
}
