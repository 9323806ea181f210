import type { Settings } from '../../server/config.ts'
import { awsCall } from './aws-call.ts'
import { ask, scopeOf } from './own-api.ts'

export interface StreamSummary {
  readonly StreamName: string
  readonly StreamStatus: string
  readonly OpenShardCount: number
}
/** What our own API tells of a delivery stream's buffer. */
export interface Gauge {
  readonly name: string
  readonly buffered: { readonly records: number; readonly bytes: number }
  readonly hints: { readonly sizeBytes: number; readonly intervalMs: number }
  readonly dueAt?: number
  readonly firesFirst?: 'size' | 'interval'
  readonly failures: number
  readonly lastError?: { readonly message: string }
  readonly lastDeliveries: readonly { readonly bucket: string; readonly key: string }[]
}

export interface Channel {
  readonly ChannelName: string
  readonly ChannelId: string
  readonly ChannelStatus: string
  readonly ChannelStatusReason?: string
  /** Absent where nothing is delivered. */
  readonly gauge?: Gauge
}

export async function listStreams(settings: Settings): Promise<StreamSummary[]> {
  const streams: StreamSummary[] = []
  let page: object | undefined = {}
  while (page) {
    const answer: { StreamNames: string[]; HasMoreStreams: boolean; NextToken?: string } = await awsCall(
      settings,
      'kinesis',
      'ListStreams',
      page,
    )
    for (const StreamName of answer.StreamNames) {
      const summary = await awsCall<{ StreamDescriptionSummary: StreamSummary }>(
        settings,
        'kinesis',
        'DescribeStreamSummary',
        { StreamName },
      )
      const { StreamStatus, OpenShardCount } = summary.StreamDescriptionSummary
      streams.push({ StreamName, StreamStatus, OpenShardCount })
    }
    page = answer.HasMoreStreams ? { ExclusiveStartStreamName: answer.StreamNames.at(-1) } : undefined
  }
  return streams
}

export async function listDeliveryStreams(settings: Settings): Promise<Gauge[]> {
  const gauges: Gauge[] = []
  let page: object | undefined = { Limit: 100 }
  while (page) {
    const answer: { DeliveryStreamNames: string[]; HasMoreDeliveryStreams: boolean } = await awsCall(
      settings,
      'firehose',
      'ListDeliveryStreams',
      page,
    )
    for (const name of answer.DeliveryStreamNames)
      gauges.push(await ask<Gauge>(settings, `api/delivery-streams/${name}?${scopeOf(settings)}`))
    page = answer.HasMoreDeliveryStreams
      ? { Limit: 100, ExclusiveStartDeliveryStreamName: answer.DeliveryStreamNames.at(-1) }
      : undefined
  }
  return gauges
}

export async function listChannels(settings: Settings): Promise<Channel[]> {
  const channels: Channel[] = []
  let page: object | undefined = {}
  while (page) {
    const answer: { ChannelSummaries: Channel[]; NextToken?: string } = await awsCall(
      settings,
      'kinesis',
      'ListChannels',
      page,
    )
    for (const channel of answer.ChannelSummaries) channels.push(await withGauge(settings, channel))
    page = answer.NextToken === undefined ? undefined : { NextToken: answer.NextToken }
  }
  return channels
}

async function withGauge(settings: Settings, channel: Channel): Promise<Channel> {
  if (channel.ChannelStatus === 'FAILED' || channel.ChannelStatus === 'DELETING') return channel
  const path = `api/delivery-streams/${channel.ChannelId}?${scopeOf(settings)}`
  return { ...channel, gauge: await ask<Gauge>(settings, path) }
}
