/**
 * `npm run prove -- fuzz`: odd requests to every operation of every service and to our own API, looking for an answer of
 * 500, for anything on stderr, and for a request without an answer.
 */
import { Agent, request as httpRequest } from 'node:http'
import { start } from '../../../src/start.ts'
import type { Harness, Run, Verdict } from '../harness.ts'
import { seeded } from '../seeded.ts'
import { createInputs, createKnown, type Known } from './inputs.ts'
import { createRequests, type FuzzRequest } from './requests.ts'

const PATIENCE_MS = 20_000
/** Requests delete what there is. */
const SEED_EVERY = 150
const ENDLESS = /event-?stream/
const MOST_FAILURES = 50

interface Answer {
  readonly status: number
  readonly text: string
}

export const fuzz: Harness = { rounds: 20_000, prove }

async function prove({ seed, rounds, say }: Run): Promise<Verdict> {
  const random = seeded(seed)
  const said: string[] = []
  const log = { error: (line: string) => said.push(line), warn: quiet, info: quiet, debug: quiet }
  const standpipe = await start({ port: 0, ephemeral: true, clock: 'manual', log })
  const stderr = listenToStderr((text) => said.push(text))
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const known = createKnown()
  const inputs = createInputs({ random, known, now: standpipe.clock.now().getTime() })
  const next = createRequests({ random, inputs })
  const send = (one: FuzzRequest) => ask(standpipe.port, agent, one)
  const counts = new Map<string, { requests: number; good: number; refused: number; failed: number }>()
  const failures: string[] = []
  try {
    for (let round = 0; round < rounds && failures.length < MOST_FAILURES; round++) {
      if (round % SEED_EVERY === 0) await createThings(standpipe.endpoint, known)
      const one = next()
      const answer = await send(one).catch((error: Error) => ({ status: 0, text: error.message }))
      const isBroken = answer.status === 0 || answer.status === 500 || said.length > 0
      if (isBroken)
        failures.push(
          `round ${round}: ${describe(one, answer)}${said
            .splice(0)
            .map((line) => `\n    ${line}`)
            .join('')}`,
        )
      const row = counts.get(one.face) ?? { requests: 0, good: 0, refused: 0, failed: 0 }
      counts.set(one.face, row)
      row.requests += 1
      row[isBroken ? 'failed' : answer.status < 400 ? 'good' : 'refused'] += 1
      if (answer.text.startsWith('{')) learn(known, answer.text)
      if (round % 5_000 === 4_999) stderr.aside(() => say(`${round + 1} requests`))
    }
  } finally {
    stderr.restore()
    agent.destroy()
    await standpipe.close()
  }
  return {
    columns: ['protocol', 'requests', 'answered', 'refused', 'broken'],
    rows: [...counts].map(([face, { requests, good, refused, failed }]) => [
      face,
      requests,
      good,
      refused,
      failed,
    ]),
    failures,
  }
}

const quiet = () => undefined

function describe({ face, name, method, path, body }: FuzzRequest, { status, text }: Answer): string {
  const isText = !/[^\x20-\x7e]/.test(body.toString('latin1'))
  const shown = isText ? body.toString().slice(0, 400) : `base64 ${body.toString('base64').slice(0, 400)}`
  return `${face} ${name}: ${method} ${path.slice(0, 300)} ${shown} → ${status} ${text.slice(0, 200)}`
}

/** Whatever is written there while requests are answered is none of theirs. */
function listenToStderr(heard: (text: string) => void) {
  const write = process.stderr.write
  const listening = ((chunk: string | Uint8Array) => {
    heard(String(chunk))
    return true
  }) as typeof write
  process.stderr.write = listening
  const crashed = (error: unknown) =>
    heard(`not caught: ${error instanceof Error ? error.stack : String(error)}`)
  process.on('uncaughtException', crashed).on('unhandledRejection', crashed)
  return {
    /** What we say ourselves meanwhile. */
    aside(task: () => void): void {
      process.stderr.write = write
      task()
      process.stderr.write = listening
    },
    restore(): void {
      process.stderr.write = write
      process.off('uncaughtException', crashed).off('unhandledRejection', crashed)
    },
  }
}

function ask(port: number, agent: Agent, { method, path, headers, body }: FuzzRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const line = encodeURI(path.toWellFormed()).replaceAll('%25', '%').slice(0, 12_000)
    const sent = httpRequest(
      {
        port,
        agent,
        method,
        path: line,
        headers: { ...headers, 'content-length': body.length },
        timeout: PATIENCE_MS,
      },
      (answer) => {
        const status = answer.statusCode ?? 0
        const type = answer.headers['content-type'] ?? ''
        if (ENDLESS.test(type) && status === 200) {
          answer.destroy()
          resolve({ status, text: '' })
          return
        }
        let text = ''
        answer.on('data', (chunk: Buffer) => {
          if (text.length < 100_000) text += chunk
        })
        answer.on('end', () => resolve({ status, text }))
        answer.on('error', reject)
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('error', reject)
    sent.end(body)
  })
}

function learn(known: Known, text: string): void {
  try {
    known.learn(JSON.parse(text))
  } catch {
    // No JSON, or cut.
  }
}

const RoleARN = 'arn:aws:iam::000000000000:role/firehose'

/** What odd requests are nearly right about. Is there already what is there already. */
async function createThings(endpoint: string, known: Known): Promise<void> {
  const aws = async (operation: string, input: object) => {
    const url = `${endpoint}/_standpipe/api/aws/${operation}`
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(input) })
    known.learn(input)
    known.learn(await answer.json())
  }
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks'
  await aws('s3/CreateBucket', { Bucket: 'archive' })
  await aws('kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 3 })
  await aws('kinesis/RegisterStreamConsumer', { StreamARN, ConsumerName: 'fan' })
  await aws('kinesis/RegisterStreamConsumer', { StreamARN, ConsumerName: 'out' })
  await aws('firehose/CreateDeliveryStream', {
    DeliveryStreamName: 'to-archive',
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN: StreamARN, RoleARN },
    ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: 'arn:aws:s3:::archive' },
  })
  await aws('firehose/CreateDeliveryStream', {
    DeliveryStreamName: 'direct',
    ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: 'arn:aws:s3:::archive' },
  })
  await aws('kinesis/PutRecord', { StreamName: 'clicks', PartitionKey: 'a', Data: 'YQ==' })
  await aws('firehose/PutRecord', { DeliveryStreamName: 'direct', Record: { Data: 'YQ==' } })
  await aws('kinesis/ListShards', { StreamName: 'clicks', MaxResults: 1 })
  await aws('kinesis/ListStreamConsumers', { StreamARN, MaxResults: 1 })
  await aws('kinesis/ListStreams', { Limit: 1 })
  await aws('kinesis/GetShardIterator', {
    StreamName: 'clicks',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  })
  await aws('s3/CreateMultipartUpload', { Bucket: 'archive', Key: 'parts' })
  await fetch(`${endpoint}/archive/object`, { method: 'PUT', body: 'content' })
  known.add('Key', 'object')
}
