import { EventStreamCodec } from '@smithy/eventstream-codec'
import { pause } from '../clock/machine-time.ts'
import type { Random } from '../clock/random.ts'
import { internalFailure, notSupported, ServiceException, unknownOperation } from '../service/exception.ts'
import { type Bound, isAnswer } from '../service/invoke.ts'
import { free } from '../service/memory/free.ts'
import type { Operation } from '../service/operation.ts'
import {
  type EventStreamShape,
  nothing,
  type Shape,
  type StructureShape,
  structure,
} from '../service/shape.ts'
import { checkAuthForm } from './authenticate.ts'
import type { BodyFormat } from './codec/body-format.ts'
import { jsonFormat } from './codec/json-format.ts'
import { plainReaderOf } from './codec/plain-json.ts'
import { throttling } from './exceptions.ts'
import {
  type Answer,
  type Exchange,
  mediaTypeOf,
  type Pieces,
  type Protocol,
  UNBUFFERED,
} from './exchange.ts'

const CBOR = 'application/x-amz-cbor-1.1'
/** Without AWS's `x-amz-`: answered, but no operation is ever found. */
const BARE_JSON = 'application/json'
const JSON_TYPE = 'application/x-amz-json-1.1'
const JSON_TYPES = [JSON_TYPE, 'application/x-amz-json-1.0', BARE_JSON]
/** A target like `PREFIX_20131202.DoSomething`, of whatever service. */
const NAMES_OPERATION = /\../
/** Above the largest request that AWS takes: 10 MiB of records, in base64. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024
/** A smaller one's reading counts for nothing. */
const SMALL_BYTES = 64 * 1024

/**
 * AWS JSON and its CBOR twin: POST, and the operation in X-Amz-Target. What is wrong with a request is looked for in
 * the order in which AWS does.
 */
export function awsJson(services: readonly Bound[], random: Random): Protocol {
  const find = finderOf(services)

  async function answer(exchange: Exchange): Promise<Answer> {
    const { method, headers, body, caller, authenticated } = exchange
    if (method !== 'POST') return accessDenied()
    const bytes = await body.whole(BODY_LIMIT_BYTES)
    if (!bytes) throw requestTooLarge()
    // Its text, and what is read from that.
    if (bytes.length > SMALL_BYTES) await exchange.flight.take(2 * bytes.length)
    authenticated?.checkBody(bytes)
    const target = headers.get('x-amz-target') ?? ''
    const found = find(target)
    if (found) exchange.found.operation = `${found.bound.service.id} ${nameOf(found.operation)}`
    const type = mediaTypeOf(headers)
    if (bytes.length === 0)
      return await bare(type === JSON_TYPE ? JSON_TYPE : CBOR, 400, {
        __type: found ? 'SerializationException' : 'UnknownOperationException',
      })

    const format = await formatOf(type)
    if (!format) {
      const isSigned = headers.has('authorization') || exchange.query.has('X-Amz-Algorithm')
      if (isSigned) return NAMES_OPERATION.test(target) ? unknownOperationPage() : accessDenied()
      return found ? missingToken() : unknownOperationPage()
    }
    const said = saidIn(format, bytes, type === BARE_JSON ? undefined : found?.operation)
    if (typeof said.value !== 'object' || said.value === null)
      return await bare(type, 400, { __type: 'SerializationException' })
    if (type === BARE_JSON) return await bare(type, 404, { __type: 'UnknownOperationException' })
    if (!found) throw unknownOperation(target)
    const { operation, output } = await found.bound.invoke({
      caller,
      authenticate() {
        if (authenticated) authenticated.requireService(found.bound.service.signingName)
        else checkAuthForm(exchange)
      },
      find() {
        const { operation } = found
        if (typeof operation === 'string') throw notSupported(operation)
        return { operation, input: () => said.inputFor(operation) }
      },
    })
    const answer = answeredWith(operation.output, output, format, type)
    said.end()
    exchange.flight.answerMade()
    return answer
  }

  const dressed = (exchange: Exchange, { status, headers, body }: Answer): Answer => ({
    status,
    headers: {
      ...headers,
      'x-amzn-requestid': exchange.caller.requestId,
      // Whatever is answered to a preflight, AWS answers it without.
      ...(exchange.method !== 'OPTIONS' && {
        'x-amz-id-2': Buffer.from(random.bytes(72)).toString('base64'),
      }),
    },
    ...(body !== undefined && { body }),
  })
  return {
    answer: async (exchange) => dressed(exchange, await answer(exchange)),
    fail: async (exchange, failure) => dressed(exchange, await failed(exchange, failure)),
    throttled({ headers }) {
      const target = headers.get('x-amz-target') ?? ''
      const [, name = ''] = target.split('.', 2)
      return find(target)?.bound.service.throttled?.(name) ?? throttling()
    },
  }
}

function failed({ headers }: Exchange, failure: unknown): Promise<Answer> {
  const { code, message, status, fields, headers: more } = isAnswer(failure) ? failure : internalFailure()
  const messageKey = code === 'SerializationException' ? 'Message' : 'message'
  const answer = bare(mediaTypeOf(headers), status, { __type: code, ...fields, [messageKey]: message })
  return answer.then((bare) => ({ ...bare, headers: { ...bare.headers, ...more } }))
}

function answeredWith(shape: StructureShape, output: unknown, format: BodyFormat, type: string): Answer {
  const streaming = streamingOf(shape)
  if (streaming) {
    const body = eventStreamFrames(streaming, output as Record<string, unknown>, format, type)
    return { status: 200, headers: { 'content-type': EVENT_STREAM_TYPE, ...UNBUFFERED }, body }
  }
  const body = shape === nothing ? '' : format.encode(shape, output)
  return { status: 200, headers: { 'content-type': type }, body }
}

/** The operation of a target like `PREFIX_20131202.DoSomething`; its name alone when it is one that we have not. */
function finderOf(services: readonly Bound[]) {
  return (target: string): { bound: Bound; operation: Operation<never> | string } | undefined => {
    const [prefix, name = ''] = target.split('.', 2)
    const bound = services.find(({ service }) => service.targetPrefix === prefix)
    if (!bound) return undefined
    const { operations, unsupported } = bound.service
    const operation = operations.get(name) ?? (unsupported.includes(name) ? name : undefined)
    return operation === undefined ? undefined : { bound, operation }
  }
}

/** What a body says. */
interface Said {
  /** undefined when the bytes are not well-formed. */
  readonly value: unknown
  /** Throws for what is of another type than the operation's shape. */
  inputFor(operation: Operation<never>): unknown
  /** Nobody looks at it any more. */
  end(): void
}

/** JSON's bytes are nobody's afterwards. */
function saidIn(
  format: BodyFormat,
  bytes: Uint8Array,
  operation: Operation<never> | string | undefined,
): Said {
  const isPlain = format === jsonFormat && typeof operation === 'object'
  const plain = isPlain ? plainReaderOf(operation.input)?.(bytes) : undefined
  const value = plain ? plain.input : parse(format, bytes)
  if (format === jsonFormat && bytes.length > SMALL_BYTES) free(bytes)
  return {
    value,
    inputFor: ({ input }) => (plain ? plain.input : format.decoderOf(input)(value)),
    end() {
      if (plain) free(plain.blobs)
    },
  }
}

const nameOf = (operation: Operation<never> | string) =>
  typeof operation === 'string' ? operation : operation.name

/** undefined when the bytes are not well-formed. */
function parse(format: BodyFormat, bytes: Uint8Array): unknown {
  try {
    return format.parse(bytes)
  } catch {
    return undefined
  }
}

/** undefined for a type that is none of the protocol's. CBOR is loaded by whoever speaks it first. */
const formatOf = async (type: string): Promise<BodyFormat | undefined> =>
  JSON_TYPES.includes(type)
    ? jsonFormat
    : type === CBOR
      ? (await import('./codec/cbor-format.ts')).cborFormat
      : undefined

/** An answer that is all error, in the request's format where it has one. */
async function bare(type: string, status: number, error: Readonly<Record<string, string>>): Promise<Answer> {
  const format = await formatOf(type)
  const headers = { 'content-type': format ? type : JSON_TYPE }
  if (type !== BARE_JSON) return { status, headers, body: (format ?? jsonFormat).print(error) }
  const Output = { ...error, __type: `com.amazon.coral.service#${error.__type}` }
  return { status, headers, body: JSON.stringify({ Output, Version: '1.0' }) }
}

const requestTooLarge = () =>
  new ServiceException('RequestEntityTooLargeException', 'The request is larger than 16 MiB.', 413)

/** What AWS's JSON services answer when a request is none of their protocols: XML, with lines of its own kind. */
const page = (status: number, body: string): Answer => ({ status, headers: {}, body: `${body}\n` })

const exceptionPage = (code: string, message: string) =>
  page(403, `<${code}>\n  <Message>${message}</Message>\n</${code}>`)

const unknownOperationPage = () => page(404, '<UnknownOperationException/>')
const missingToken = () =>
  exceptionPage('MissingAuthenticationTokenException', 'Missing Authentication Token')
const accessDenied = () =>
  exceptionPage('AccessDeniedException', 'Unable to determine service/operation name to be authorized')

const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
)

/** Machine time by which the initial response is ahead of the first event. */
const AHEAD_MS = 10

/** What an error of ours is within a stream of events. */
const OURS = 'InternalFailureException'

interface Streaming {
  /** The output's member that holds the events. */
  readonly name: string
  readonly events: EventStreamShape
  /** The rest of the output, which is sent first. */
  readonly initial: StructureShape
}

/** How an output of that shape is sent as events; undefined when it is an ordinary one. */
export function streamingOf({ members }: StructureShape): Streaming | undefined {
  const found = Object.entries(members).find(
    (entry): entry is [string, EventStreamShape] => entry[1].kind === 'eventStream',
  )
  if (!found) return undefined
  const rest = Object.entries(members).filter(([name]) => name !== found[0])
  return { name: found[0], events: found[1], initial: structure(Object.fromEntries(rest)) }
}

/**
 * The frames of an answer of events: the initial response, which some clients wait for, then each event. An exception
 * that the stream's shape names is the last frame; any other error is there InternalFailureException, if the shape has
 * that, and breaks the answer off.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export async function* eventStreamFrames(
  { name, events, initial }: Streaming,
  output: Readonly<Record<string, unknown>>,
  format: BodyFormat,
  contentType: string,
): AsyncGenerator<Uint8Array> {
  const frame = (kind: 'event' | 'exception', type: string, shape: Shape, value: unknown) =>
    codec.encode({
      headers: {
        ':message-type': { type: 'string', value: kind },
        [`:${kind}-type`]: { type: 'string', value: type },
        ':content-type': { type: 'string', value: contentType },
      },
      body: bytesOf(format.encode(shape, value)),
    })

  yield frame('event', 'initial-response', initial, output)
  // Some clients take what they get at once for one frame: this one is to be with them before there is another.
  await pause(AHEAD_MS)
  try {
    for await (const event of output[name] as AsyncIterable<Record<string, unknown>>)
      for (const [type, value] of Object.entries(event))
        yield frame('event', type, events.members[type]!, value)
  } catch (failure) {
    const { code, message } = isAnswer(failure) ? failure : internalFailure()
    const [named, told] = [events.members[code], events.members[OURS]]
    if (named) yield frame('exception', code, named, { message })
    else if (told) yield frame('exception', OURS, told, { message })
    if (!named) throw failure
  }
}

function bytesOf(body: NonNullable<Answer['body']>): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  const pieces = body as Pieces
  const whole = Buffer.concat(pieces)
  if (pieces.release) pieces.forEach(pieces.release)
  return whole
}
