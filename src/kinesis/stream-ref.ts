import { accountId, formatArn, parseArn, partitionOf, regionName } from '../service/arn.ts'
import { required } from '../service/shape.ts'
import { nameIsNotOfArn, neitherNameNorArn } from './exceptions.ts'
import { streamName } from './shapes.ts'

/** What names a stream: names are unique in an account and region. */
export interface StreamRef {
  /** Twelve digits. */
  readonly account: string
  readonly region: string
  readonly streamName: string
}

/** The members of a StreamRef, for tokens that hold one. */
export const streamRefMembers = {
  account: required(accountId),
  region: required(regionName),
  streamName: required(streamName),
}

export const STREAM_KEYS = 'kinesis/stream/'

/** The key of the stream's document. */
export const keyOf = ({ account, region, streamName }: StreamRef): string =>
  `${STREAM_KEYS}${account}/${region}/${streamName}`

export function refOf(key: string): StreamRef {
  const [account = '', region = '', streamName = ''] = key.slice(STREAM_KEYS.length).split('/')
  return { account, region, streamName }
}

/** The engine's group of one stream; a later stream of the same name has another. */
export const groupOf = ({ account, region, streamName }: StreamRef, creationId: string): string =>
  `kinesis/${account}/${region}/${streamName}/${creationId}`

export const arnOf = ({ account, region, streamName }: StreamRef): string =>
  formatArn({
    partition: partitionOf(region),
    service: 'kinesis',
    region,
    account,
    resource: `stream/${streamName}`,
  })

export function parseStreamArn(text: string): StreamRef | undefined {
  const arn = parseArn(text)
  const streamName = /^stream\/([^/]+)$/.exec(arn?.resource ?? '')?.[1]
  return arn && streamName !== undefined
    ? { account: arn.account, region: arn.region, streamName }
    : undefined
}

interface Named {
  readonly StreamName?: string | undefined
  readonly StreamARN?: string | undefined
}

/** The stream that a request means; throws InvalidArgumentException when it names none, or two. */
export function requestedStream(
  { StreamName, StreamARN }: Named,
  { account, region }: { readonly account: string; readonly region: string },
): StreamRef {
  const byArn = StreamARN === undefined ? undefined : parseStreamArn(StreamARN)
  if (StreamARN !== undefined && (!byArn || (StreamName !== undefined && StreamName !== byArn.streamName)))
    throw nameIsNotOfArn(StreamName, StreamARN)
  if (byArn) return byArn
  if (StreamName === undefined) throw neitherNameNorArn()
  return { account, region, streamName: StreamName }
}
