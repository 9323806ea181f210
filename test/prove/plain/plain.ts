/**
 * `npm run prove -- plain`: puts, of two servers that are alike. One reads those that are plain straight from their bytes
 * (src/wire/codec/plain-json.ts), the other is sent the same with an escape in it, which is read the general way. Both have
 * to answer the same, and have the same records in the end. `--rounds`: how many puts each server gets.
 */
import { isDeepStrictEqual } from 'node:util'
import { signRequest } from '../../../src/service/signing/sign-request.ts'
import { sha256Hex } from '../../../src/service/signing/signing-key.ts'
import type { StartOptions } from '../../../src/start.ts'
import type { Harness, Run, Verdict } from '../harness.ts'
import { type Seeded, seeded } from '../seeded.ts'
import { bodyOf, escaped, OPERATIONS, type PutOperation, STREAMS } from './bodies.ts'
import { readBothWays } from './both-ways.ts'
import {
  ADMIN,
  type Answer,
  credentials,
  furnish,
  type Send,
  type Server,
  STRANGER,
  startPair,
} from './pair.ts'

export const plain: Harness = { rounds: 50_000, prove }

const WAYS: Readonly<Record<string, { readonly options: StartOptions; readonly http: 'http1' | 'http2' }>> = {
  'open, HTTP/1.1': { options: { limits: 'off' }, http: 'http1' },
  "AWS's limits, HTTP/2": { options: { limits: 'aws' }, http: 'http2' },
  'closed, HTTP/1.1': { options: { limits: 'off', credentials }, http: 'http1' },
  "closed, AWS's limits, HTTP/2": { options: { limits: 'aws', credentials }, http: 'http2' },
}

async function prove({ seed, rounds, say, isFirstEnough }: Run): Promise<Verdict> {
  const columns = ['way', 'puts', 'plain', 'taken', 'refused', 'throttled', 'differ']
  const rows: (string | number)[][] = []
  const failures: string[] = []
  const ways = Object.entries(WAYS)
  for (const [index, [way, { options, http }]] of ways.entries()) {
    const pair = await startPair(options)
    const share = Math.ceil(rounds / ways.length)
    const seen = await compare(pair, http, seeded(seed + index), share, isFirstEnough ?? false)
    for (const server of pair) await server.close()
    const { plain, taken, refused, throttled, differences } = seen
    rows.push([way, share, plain, taken, refused, throttled, differences.length])
    failures.push(...differences.map((difference) => `${way}: ${difference}`))
    say(`${way}: ${share} puts`)
  }
  return { columns, rows, failures }
}

interface Seen {
  plain: number
  taken: number
  refused: number
  throttled: number
  readonly differences: string[]
}

async function compare(
  pair: readonly [Server, Server],
  http: 'http1' | 'http2',
  chance: Seeded,
  rounds: number,
  isFirstEnough: boolean,
): Promise<Seen> {
  const seen: Seen = { plain: 0, taken: 0, refused: 0, throttled: 0, differences: [] }
  for (const server of pair) await furnish((target, input) => called(server, target, input), server)
  for (let round = 0; round < rounds; round++) {
    const operation = chance.pick(OFTEN)
    const body = bodyOf(operation, chance)
    const { isPlain, difference } = readBothWays(operation, body)
    if (isPlain) seen.plain++
    const make = chance.pick(SIGNATURES)
    const headers = (server: Server, sent: Buffer) => make(server, OPERATIONS[operation], sent)
    const bodies = [body, escaped(body)] as const
    const [fast, general] = await Promise.all(
      bodies.map((sent, index) => pair[index]![http](headers(pair[index]!, sent), sent)),
    )
    count(fast!, seen)
    if (difference !== undefined) seen.differences.push(difference)
    else if (!isDeepStrictEqual(masked(fast!, body), masked(general!, body)))
      seen.differences.push(`${operation} ${body.toString('base64')}: ${JSON.stringify([fast, general])}`)
    if (isFirstEnough && seen.differences.length > 0) break
    if (chance.below(500) === 0) for (const { standpipe } of pair) await standpipe.clock.advance(250)
  }
  for (const StreamName of STREAMS) {
    const [fast, general] = await Promise.all(pair.map((server) => recordsIn(server, StreamName)))
    if (!isDeepStrictEqual(fast, general)) seen.differences.push(`the records of ${StreamName}`)
    if (fast!.length === 0) seen.differences.push(`there are no records in ${StreamName}`)
  }
  return seen
}

const OFTEN: readonly PutOperation[] = [
  'PutRecords',
  'PutRecords',
  'PutRecord',
  'PutRecordBatch',
  'DirectPutRecord',
]
function count({ status, text }: Answer, seen: Seen): void {
  if (status === 200) seen.taken++
  else seen.refused++
  if (text.includes('ProvisionedThroughputExceeded')) seen.throttled++
}

/** Ids are drawn, and so are the places of records in one stream; what a signature should have been is of the bytes that were sent. */
const masked = ({ status, type, text }: Answer, body: Buffer): Answer => ({
  ...{ status, type },
  text: text
    .replaceAll(/"RecordId":"[^"]*"/g, '"RecordId":""')
    .replaceAll(/[0-9a-f]{64}/g, '')
    .replaceAll(body.includes(DRAWN) ? /"(SequenceNumber|ShardId)":"[^"]*"/g : NOTHING, ''),
})
const DRAWN = 'auto'
const NOTHING = /(?!)/g

type MakeHeaders = (server: Server, target: string, body: Buffer) => Record<string, string>

const signedBy =
  (key: typeof ADMIN, region = 'us-east-1'): MakeHeaders =>
  ({ standpipe }, target, body) =>
    signRequest({
      ...{ method: 'POST', url: new URL(standpipe.endpoint), bodySha256: sha256Hex(body) },
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      service: target.startsWith('Kinesis') ? 'kinesis' : 'firehose',
      ...{ region, credentials: key, now: Date.now() },
    })

const changed =
  (change: (headers: Record<string, string>) => Record<string, string>): MakeHeaders =>
  (...asked) =>
    change(signedBy(ADMIN)(...asked))

const withAuthorization = (change: (text: string) => string) =>
  changed(({ authorization = '', ...headers }) => ({ ...headers, authorization: change(authorization) }))

/** Mostly right ones. */
const SIGNATURES: readonly MakeHeaders[] = [
  ...Array.from({ length: 12 }, () => signedBy(ADMIN)),
  signedBy(STRANGER),
  signedBy(ADMIN, 'eu-west-1'),
  changed(({ authorization: _, ...headers }) => headers),
  changed(({ 'x-amz-date': _, ...headers }) => headers),
  changed((headers) => ({ ...headers, 'content-type': 'application/json' })),
  changed((headers) => ({ ...headers, 'content-type': 'application/x-amz-json-1.0' })),
  withAuthorization((text) => text.replace('Signature=', 'Sig=')),
  withAuthorization((text) => text.replace(/Signature=..../, 'Signature=0000')),
  withAuthorization((text) => text.replace('AKID', 'NOBODY')),
]

async function called(server: Server, target: string, input: object): Promise<Record<string, unknown>> {
  const body = Buffer.from(JSON.stringify(input))
  const send: Send = server.http1
  const { status, text } = await send(signedBy(ADMIN)(server, target, body), body)
  if (status !== 200) throw new Error(`${target}: ${status} ${text}`)
  return JSON.parse(text || '{}')
}

interface StoredRecord {
  readonly SequenceNumber: string
  readonly PartitionKey?: string
}

/** In the order of their shards, or, where their places are drawn, of what they are. */
async function recordsIn(server: Server, StreamName: string): Promise<readonly StoredRecord[]> {
  const kinesis = (operation: string, input: object) => called(server, `Kinesis_20131202.${operation}`, input)
  const { Shards } = (await kinesis('ListShards', { StreamName })) as { Shards: { ShardId: string }[] }
  const found: StoredRecord[] = []
  for (const { ShardId } of Shards) {
    const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }
    let { ShardIterator } = await kinesis('GetShardIterator', from)
    for (let isMore = true; isMore; ) {
      // So long a shard pays for as much as an answer holds.
      await server.standpipe.clock.advance(10_000)
      const answer = await kinesis('GetRecords', { ShardIterator })
      const records = answer.Records as StoredRecord[]
      found.push(...records)
      ShardIterator = answer.NextShardIterator
      isMore = records.length > 0 && ShardIterator !== undefined
    }
  }
  if (StreamName !== DRAWN) return found
  return found
    .map((record) => ({ ...record, SequenceNumber: '' }))
    .sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
}

const textOf = (record: StoredRecord) => JSON.stringify(record)
