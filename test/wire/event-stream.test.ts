import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventStreamCodec } from '@smithy/eventstream-codec'
import { ServiceException } from '../../src/service/exception.ts'
import { eventStream, required, string, structure } from '../../src/service/shape.ts'
import { eventStreamFrames, streamingOf } from '../../src/wire/aws-json.ts'
import { jsonFormat } from '../../src/wire/codec/json-format.ts'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
)
const exception = structure({ message: string() })
const event = structure({ Text: string() })

/** The frames of a stream with one event that then fails, and what breaks it off. */
async function framesOf(members: Parameters<typeof eventStream>[0], failure: unknown) {
  const streaming = streamingOf(structure({ Events: required(eventStream(members)) }))!
  async function* events() {
    yield { Told: { Text: 'one' } }
    throw failure
  }
  const frames: string[] = []
  const reading = async () => {
    for await (const bytes of eventStreamFrames(streaming, { Events: events() }, jsonFormat, 'text/json')) {
      const { headers, body } = codec.decode(bytes)
      const name = headers[':event-type'] ?? headers[':exception-type']
      frames.push(`${headers[':message-type']!.value} ${name!.value} ${Buffer.from(body)}`)
    }
  }
  const brokenBy = await reading().catch((error) => error)
  return { frames, brokenBy }
}

const BEGUN = ['event initial-response {}', 'event Told {"Text":"one"}']

test('an exception that the stream names is its last frame', async () => {
  const gone = new ServiceException('ResourceNotFoundException', 'Gone.')
  const { frames, brokenBy } = await framesOf({ Told: event, ResourceNotFoundException: exception }, gone)
  assert.deepEqual(frames, [...BEGUN, 'exception ResourceNotFoundException {"message":"Gone."}'])
  assert.equal(brokenBy, undefined)
})

test('an error of ours is told where the stream has a word for it, and breaks it off', async () => {
  const failure = new Error('the disk cannot be read')
  const told = await framesOf({ Told: event, InternalFailureException: exception }, failure)
  assert.equal(told.brokenBy, failure)
  assert.deepEqual(told.frames.slice(0, 2), BEGUN)
  assert.match(told.frames[2]!, /^exception InternalFailureException \{"message":".+"\}$/)
  assert.doesNotMatch(told.frames[2]!, /disk/)
  const silent = await framesOf({ Told: event }, failure)
  assert.deepEqual([silent.frames, silent.brokenBy], [BEGUN, failure])
})
