import { isAccountId, isRegionName, parseArn } from '../../service/arn.ts'

/** Who can be told: a stream of Kinesis's, or a webhook that the server was started with. */
export type Destination =
  | {
      readonly kind: 'stream'
      readonly arn: string
      readonly account: string
      readonly region: string
      readonly streamName: string
    }
  | { readonly kind: 'webhook'; readonly arn: string; readonly name: string }

/** `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME` or `arn:standpipe:webhook:::NAME`; undefined for any other. */
export function parseDestination(arn: string): Destination | undefined {
  const name = /^arn:standpipe:webhook:::([A-Za-z0-9._-]{1,64})$/.exec(arn)?.[1]
  if (name !== undefined) return { kind: 'webhook', arn, name }
  const { service, account = '', region = '', resource = '' } = parseArn(arn) ?? {}
  const streamName = /^stream\/([A-Za-z0-9_.-]{1,128})$/.exec(resource)?.[1]
  const isStream = service === 'kinesis' && isAccountId(account) && isRegionName(region)
  return isStream && streamName !== undefined
    ? { kind: 'stream', arn, account, region, streamName }
    : undefined
}
