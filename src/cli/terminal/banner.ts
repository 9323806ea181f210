import { resolve } from 'node:path'
import { defaultSettings, limitsOf, type Settings } from '../../server/config.ts'
import type { Standpipe } from '../../start.ts'
import { countText } from './quantity.ts'

export interface Started {
  readonly settings: Settings
  readonly endpoint: string
  readonly port: number
  readonly restored: Standpipe['restored']
}

/** What a user sees when the server is up; the last line is what others wait for. */
export function bannerLines({ settings, endpoint, port, restored }: Started): string[] {
  const { ephemeral, data, clock, timeTravel, s3Endpoint } = settings
  const portFlag = port === defaultSettings.port ? '' : ` --port ${port}`
  return [
    `Standpipe: Kinesis, Firehose and S3 on ${endpoint} (https on the same port)`,
    `  console   ${endpoint}/_standpipe/`,
    ephemeral
      ? '  data      in memory only (--ephemeral): gone when this process ends'
      : `  data      ${resolve(data)}, durable: what is acknowledged is on disk`,
    ...(ephemeral ? [] : [`  restored  ${restoredText(restored)}`]),
    ...(s3Endpoint === undefined ? [] : [`  delivery  to ${s3Endpoint}, instead of the S3 in here`]),
    `  clock     ${clock === 'manual' ? 'manual: stands still' : 'real'}${timeTravel ? `; npx standpipe clock +5m${portFlag} moves it` : ', cannot be moved'}`,
    `  limits    ${limitsOf(settings) === 'aws' ? "AWS's, per shard and delivery stream" : 'off'}`,
    '',
    'Use it from another terminal:',
    `  eval "$(npx standpipe env${portFlag})"`,
    '  aws kinesis list-streams        # or boto3, or any AWS SDK',
    '',
    'Ready.',
  ]
}

function restoredText({ streams, deliveryStreams, channels, buckets }: Started['restored']): string {
  const kinds = [
    [streams, 'stream'],
    [deliveryStreams, 'delivery stream'],
    [channels, 'channel'],
    [buckets, 'bucket'],
  ] as const
  const found = kinds.filter(([count]) => count > 0).map(([count, kind]) => countText(count, kind))
  return found.join(', ') || 'nothing, it is new'
}
