import { createHash } from 'node:crypto'
import { parseRecordId, recordIdOf } from '../../../../src/firehose/direct-put/record-id.ts'
import { messagesOf } from '../../../../src/firehose/processors/cloud-watch-log-processing.ts'
import { nextTokenOf } from '../../../../src/kinesis/next-token.ts'
import {
  formatShardIterator,
  parseShardIterator,
  streamNameIn,
} from '../../../../src/kinesis/records/read.ts'
import { streamRefMembers } from '../../../../src/kinesis/shapes.ts'
import { parseSequenceNumber, sequenceNumberFormat } from '../../../../src/kinesis/shards/sequence-number.ts'
import { shardIndexOf } from '../../../../src/kinesis/shards/shard.ts'
import { deAggregate } from '../../../../src/kpl/aggregated-record.ts'
import { parseArn } from '../../../../src/service/arn.ts'
import { string, structure } from '../../../../src/service/shape.ts'
import { expect, readOrRefused, type Target } from '../target.ts'

const NOW = Date.UTC(2026, 0, 1)
const REF = { account: '000000000000', region: 'us-east-1', streamName: 'clicks' }
const PLACE = { ...REF, creationId: 'c', shardId: 'shardId-000000000000', position: 7 }
const pageToken = nextTokenOf('shards', structure({ ref: structure(streamRefMembers), after: string() }))
const numberAt = sequenceNumberFormat({ shardCreatedSeconds: NOW / 1_000, shardIndex: 3 })

/** An iterator's text with the digest that tells ours, so that what is behind it is reached. */
function sealed(bytes: Buffer): string {
  const padded = bytes.toString().padEnd(Math.max(128, Math.ceil(bytes.length / 16) * 16), ' ')
  const digest = createHash('md5').update(padded).digest()
  return Buffer.concat([Buffer.from('0000000000000001', 'hex'), digest, Buffer.from(padded)]).toString(
    'base64',
  )
}

export const iterators: Target = {
  isSync: true,
  seeds: [`${NOW}/000000000000/us-east-1/clicks/c/shardId-000000000000/7`, formatShardIterator(PLACE, NOW)],
  words: ['/', `${NOW}`, 'shardId-000000000000', '000000000000', 'us-east-1', '"', 'NaN', '9007199254740993'],
  run(bytes) {
    for (const text of [bytes.toString(), `"${bytes}"`, sealed(bytes)]) {
      const read = readOrRefused(() => parseShardIterator(text, NOW))
      if (!read) continue
      expect(Number.isSafeInteger(read.position) && read.position >= 0, 'a position is a whole number')
      expect(streamNameIn(text) === read.streamName, 'both readers find the same stream')
    }
  },
}

export const tokens: Target = {
  isSync: true,
  seeds: [
    Buffer.from(pageToken.format({ ref: REF, after: 'x' }, NOW), 'base64').toString(),
    numberAt(7, NOW / 1_000),
    recordIdOf('00000000-0000-4000-8000-000000000000', 9),
    'shardId-000000000003',
    'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
  ],
  words: ['{"list":"shards"', '"at":', '"state":', 'shardId-', 'arn:aws:', ':stream/', '__proto__', '49'],
  run(bytes) {
    const text = bytes.toString()
    for (const token of [text, bytes.toString('base64')]) readOrRefused(() => pageToken.parse(token, NOW))
    const number = parseSequenceNumber(text)
    if (number)
      expect(Number.isSafeInteger(number.position) && number.position >= 0, 'a position is a whole number')
    for (const id of [text, bytes.toString('base64')]) parseRecordId(id)
    const index = shardIndexOf(text)
    expect(index === undefined || Number.isSafeInteger(index), 'an index is a whole number')
    parseArn(text)
  },
}

const within = (message: Buffer): Buffer =>
  Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()])

/** What lies within the records of a producer library and of CloudWatch Logs. */
export const records: Target = {
  isSync: true,
  seeds: [
    '\x0a\x01a\x1a\x06\x08\x00\x1a\x02hi',
    '\x1a\x07\x08\x00\x10\x00\x1a\x01x\x1a\x00',
    JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', timestamp: 1, message: 'm' }] }),
  ],
  words: [
    '\x1a',
    '\xff\xff\xff\xff\x7f',
    '"logEvents":[',
    '"message":',
    '{"length":999999999}',
    '\x0a',
    '\x12',
  ],
  run(bytes) {
    const parts = deAggregate(within(bytes))
    expect(
      parts.every((part) => part.length <= bytes.length + 20),
      'no record is longer than what holds it',
    )
    deAggregate(bytes)
    const messages = messagesOf(bytes) ?? []
    const sizeBytes = messages.reduce((sum, { length }) => sum + length, 0)
    expect(sizeBytes <= bytes.length * 3, 'messages are no longer than the record that holds them')
  },
}
