import { formatArn, parseArn, partitionOf, whereText } from '../service/arn.ts'

/** What names a stream: names are unique in an account and region. */
export interface StreamRef {
  /** Twelve digits. */
  readonly account: string
  readonly region: string
  readonly streamName: string
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

/** As problems name it. */
export const streamWhere = ({ account, region, streamName: name }: StreamRef): string =>
  whereText('stream', { account, region, name })

export function parseStreamArn(text: string): StreamRef | undefined {
  const arn = parseArn(text)
  const streamName = /^stream\/([^/]+)$/.exec(arn?.resource ?? '')?.[1]
  return arn && streamName !== undefined
    ? { account: arn.account, region: arn.region, streamName }
    : undefined
}
