import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:http2'
import { rootOf } from '../../../src/service/principal.ts'
import { type Standpipe, type StartOptions, start } from '../../../src/start.ts'
import { makeDeliveryRole } from '../../delivery-role.ts'
import { DELIVERY_STREAMS } from './bodies.ts'

export const ADMIN = { accessKeyId: 'AKIDADMIN', secretAccessKey: 'admin', account: '000000000000' }
/** May do everything, but is of another account. */
export const STRANGER = { accessKeyId: 'AKIDSTRANGER', secretAccessKey: 'stranger', account: '111111111111' }
const EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'

export const credentials: StartOptions['credentials'] = {
  find(asked) {
    const found = [ADMIN, STRANGER].find(({ accessKeyId }) => accessKeyId === asked)
    if (!found) return undefined
    const { accessKeyId, secretAccessKey, account } = found
    const principal = rootOf({ account, region: 'us-east-1', accessKeyId })
    return { accessKeyId, secretAccessKey, isActive: true, principal }
  },
  policiesOf: () => ({ identity: [EVERYTHING] }),
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}
export type Send = (headers: Readonly<Record<string, string>>, body: Buffer) => Promise<Answer>

/** A server of a pair: both do the same, if they are sent the same. */
export interface Server {
  readonly standpipe: Standpipe
  readonly http1: Send
  readonly http2: Send
  close(): Promise<void>
}

/** Two servers whose clocks stand still at the same moment. */
export async function startPair(options: StartOptions): Promise<readonly [Server, Server]> {
  const [first, second] = await Promise.all([startOne(options), startOne(options)])
  const [a, b] = [first, second].map(({ standpipe }) => standpipe.clock.now().getTime()) as [number, number]
  const [earlier, lateMs] = a < b ? [first, b - a] : [second, a - b]
  await earlier.standpipe.clock.advance(lateMs)
  return [first, second]
}

async function startOne(options: StartOptions): Promise<Server> {
  const standpipe = await start({ port: 0, ephemeral: true, clock: 'manual', ...options })
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const session = connect(standpipe.endpoint)
  session.on('error', () => undefined)
  return {
    standpipe,
    async http1(headers, body) {
      const sent = request(standpipe.endpoint, { agent, method: 'POST', headers })
      sent.end(body)
      const [answer] = await once(sent, 'response')
      return {
        status: answer.statusCode,
        type: answer.headers['content-type'] ?? '',
        text: await textOf(answer),
      }
    },
    async http2(headers, body) {
      const stream = session.request({ ':method': 'POST', ':path': '/', ...headers })
      stream.end(body)
      const [answer] = await once(stream, 'response')
      return { status: answer[':status'], type: answer['content-type'] ?? '', text: await textOf(stream) }
    },
    async close() {
      agent.destroy()
      session.destroy()
      await standpipe.close()
    },
  }
}

async function textOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of pieces) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

type Call = (target: string, input: object) => Promise<unknown>

/** What the puts are for. Its order makes the same ids of shards on both. */
export async function furnish(call: Call, { standpipe }: Server): Promise<void> {
  const kinesis = (operation: string, input: object) => call(`Kinesis_20131202.${operation}`, input)
  const provisioned = { StreamModeDetails: { StreamMode: 'PROVISIONED' } }
  for (const [StreamName, ShardCount] of [
    ['orders', 3],
    ['encrypted', 2],
  ] as const)
    await kinesis('CreateStream', { StreamName, ShardCount, ...provisioned })
  for (const StreamName of ['demand', 'auto'])
    await kinesis('CreateStream', { StreamName, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await standpipe.clock.advance(60_000)
  await kinesis('StartStreamEncryption', {
    StreamName: 'encrypted',
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
  })
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/auto'
  await kinesis('UpdateStreamRecordDistributionStrategy', { StreamARN, RecordDistributionStrategy: 'AUTO' })
  await makeDeliveryRole(standpipe.endpoint, 'firehose', { ...ADMIN })
  for (const DeliveryStreamName of DELIVERY_STREAMS)
    await call('Firehose_20150804.CreateDeliveryStream', {
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: {
        BucketARN: 'arn:aws:s3:::bucket',
        RoleARN: 'arn:aws:iam::000000000000:role/firehose',
        BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 900 },
      },
      ...(DeliveryStreamName === 'sealed' && {
        DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      }),
    })
  await standpipe.clock.advance(60_000)
}
