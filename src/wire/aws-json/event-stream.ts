import { EventStreamCodec } from '@smithy/eventstream-codec'
import { internalFailure } from '../../service/exception.ts'
import { isAnswer } from '../../service/invoke.ts'
import { type EventStreamShape, type Shape, type StructureShape, structure } from '../../service/shape.ts'
import type { BodyFormat } from '../codec/body-format.ts'
import type { Answer } from '../exchange/exchange.ts'

export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
)

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
  return Buffer.concat(body as readonly Uint8Array[])
}
