import { formatArn, partitionOf } from '../../../service/arn.ts'
import type { Caller } from '../../../service/operation.ts'

/** The ARN of what a request names first, by the members that services name things with; undefined where it names none. */
export function resourceIn(input: unknown, caller: Pick<Caller, 'account' | 'region'>): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  const given = new Map(
    Object.entries(input).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
  const arn = ARNS.map((name) => given.get(name)).find((one) => one !== undefined)
  if (arn !== undefined) return arn
  const [bucket, key] = [given.get('Bucket'), given.get('Key')]
  if (bucket !== undefined) return `arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`}`
  for (const [name, service, type] of NAMES) {
    const resource = given.get(name)
    if (resource === undefined) continue
    const { account, region } = caller
    return formatArn({
      partition: partitionOf(region),
      service,
      region,
      account,
      resource: `${type}/${resource}`,
    })
  }
  return undefined
}

const ARNS = ['StreamARN', 'ConsumerARN', 'ResourceARN', 'ChannelARN', 'PolicyArn', 'RoleArn']
const NAMES = [
  ['StreamName', 'kinesis', 'stream'],
  ['DeliveryStreamName', 'firehose', 'deliverystream'],
] as const
