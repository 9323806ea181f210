import { ask, askHealth, awsCall, type Health, problemsOf, scopeOf } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'
import { type FullGauge, gaugeLines } from '../gauge-lines.ts'
import { RUN_TOGETHER } from '../newline-hint.ts'
import { endpointOf, type ServerAddress } from '../server-address.ts'
import { bytesText, clockText, columns, countText, durationText, policiesText } from '../terminal-text.ts'
import { roomText, type Space } from './space.ts'

export const status = command({
  name: 'status',
  args: '[DELIVERY-STREAM|CHANNEL]',
  doc: 'what is running, and how full each buffer is; or everything about one delivery stream or channel',
  settings: CLIENT_SETTINGS,
  flags: {},
  async run({ server, args: [name], json, out }) {
    const health = await askHealth(server)
    if (name !== undefined) {
      const path = `api/delivery-streams/${encodeURIComponent(name)}?${scopeOf(server)}`
      const gauge = await ask<FullGauge>(server, path)
      if (json) out(JSON.stringify(gauge))
      else {
        const standing = problemsOf(health, gauge)
        for (const line of gaugeLines(gauge, standing, Date.parse(health.clock.now))) out(line)
      }
      return undefined
    }
    const streams = await listStreams(server)
    const deliveryStreams = await listDeliveryStreams(server)
    const channels = await listChannels(server)
    const policies = await ask<Policies>(server, 'api/policies')
    const space = await ask<Space>(server, 'api/space')
    if (json) {
      out(
        JSON.stringify({
          ...health,
          endpoint: endpointOf(server),
          streams,
          deliveryStreams,
          channels,
          policies,
          space,
        }),
      )
      return undefined
    }
    const { version, access, clock, limits, durable, dataDir, s3Endpoint } = health
    out(`Standpipe ${version} on ${endpointOf(server)}, ${access === 'open' ? 'open: any keys' : 'closed'}`)
    const place = durable ? `durable in ${dataDir}` : 'in memory only'
    out(
      `${place}; clock ${clock.now}, ${clockText(clock)}; limits ${limits}${s3Endpoint ? `; delivery to ${s3Endpoint}` : ''}`,
    )
    out(roomText(space))
    if (policies.stored.length > 0) out(policiesText(policies.stored.length, policies.enforced))
    for (const line of problemLines(health)) out(line)
    out(countText(streams.length, 'stream'))
    for (const line of columns(streams.map(streamRow))) out(line)
    out(countText(deliveryStreams.length, 'delivery stream'))
    const now = Date.parse(clock.now)
    for (const line of columns(deliveryStreams.map((gauge) => gaugeRow(gauge, now)))) out(line)
    for (const { name } of deliveryStreams.filter((one) => one.areRecordsRunTogether))
      out(`  ${name}: ${RUN_TOGETHER}; standpipe status ${name} says what to add`)
    if (channels.length > 0) out(countText(channels.length, 'channel'))
    for (const line of columns(channels.map((channel) => channelRow(channel, now)))) out(line)
    return undefined
  },
})

function problemLines({ problems, problemCount, unlistedProblems = {} }: Health): readonly string[] {
  if (problemCount === 0) return []
  const unlisted = Object.entries(unlistedProblems).map(([code, count]) => `${count} ${code}`)
  return [
    countText(problemCount, 'problem'),
    ...columns(problems.map(({ where, what }) => [`  ${where}`, what])),
    ...(unlisted.length > 0 ? [`  and ${unlisted.join(', ')}: the server's log tells of them`] : []),
  ]
}

const channelRow = ({ ChannelName, ChannelStatus, ChannelStatusReason, gauge }: Channel, now: number) =>
  gauge ? gaugeRow(gauge, now) : [`  ${ChannelName}`, ChannelStatus, ChannelStatusReason ?? '']

const streamRow = ({ StreamName, StreamStatus, OpenShardCount }: StreamSummary) => [
  `  ${StreamName}`,
  StreamStatus,
  countText(OpenShardCount, 'shard'),
]

/** How full a buffer is, and what fires next. */
export function gaugeRow(gauge: Gauge, now: number): string[] {
  const { name, buffered, hints, dueAt, firesFirst, failures } = gauge
  const limits = `${bytesText(hints.sizeBytes)} or ${durationText(hints.intervalMs)}`
  if (failures > 0) return [`  ${name}`, limits, failureText(gauge)]
  if (dueAt === undefined) return [`  ${name}`, limits, 'empty']
  const content = `${countText(buffered.records, 'record')}, ${bytesText(buffered.bytes)}`
  return [
    `  ${name}`,
    limits,
    `${content}; due in ${durationText(Math.max(0, dueAt - now))}${firesFirst === 'size' ? ', by size sooner' : ''}`,
  ]
}

/** What deliveries fail with, and the remedy where it is plain. */
export function failureText({ failures, lastError, sealed }: Gauge): string {
  const failed = `${countText(failures, 'failure')}: ${lastError?.message}`
  const isMissing = lastError?.code === 'S3.NoSuchBucket' && sealed !== undefined
  return isMissing ? `${failed}: make ${sealed.bucket}, and what waits is delivered` : failed
}

interface Policies {
  readonly stored: readonly string[]
  readonly enforced: boolean
}

interface StreamSummary {
  readonly StreamName: string
  readonly StreamStatus: string
  readonly OpenShardCount: number
}
/** What our own API tells of a delivery stream's buffer. */
interface Gauge {
  readonly name: string
  readonly buffered: { readonly records: number; readonly bytes: number }
  readonly hints: { readonly sizeBytes: number; readonly intervalMs: number }
  readonly dueAt?: number
  readonly firesFirst?: 'size' | 'interval'
  readonly failures: number
  readonly lastError?: { readonly code: string; readonly message: string }
  readonly sealed?: { readonly bucket: string }
  readonly areRecordsRunTogether?: true
  readonly lastDeliveries: readonly { readonly bucket: string; readonly key: string }[]
}

interface Channel {
  readonly ChannelName: string
  readonly ChannelId: string
  readonly ChannelStatus: string
  readonly ChannelStatusReason?: string
  /** Absent where nothing is delivered. */
  readonly gauge?: Gauge
}

async function listStreams(server: ServerAddress): Promise<StreamSummary[]> {
  const streams: StreamSummary[] = []
  let page: object | undefined = {}
  while (page) {
    const answer: { StreamNames: string[]; HasMoreStreams: boolean; NextToken?: string } = await awsCall(
      server,
      'kinesis',
      'ListStreams',
      page,
    )
    for (const StreamName of answer.StreamNames) {
      const summary = await awsCall<{ StreamDescriptionSummary: StreamSummary }>(
        server,
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

export async function listDeliveryStreams(server: ServerAddress): Promise<Gauge[]> {
  const gauges: Gauge[] = []
  let page: object | undefined = { Limit: 100 }
  while (page) {
    const answer: { DeliveryStreamNames: string[]; HasMoreDeliveryStreams: boolean } = await awsCall(
      server,
      'firehose',
      'ListDeliveryStreams',
      page,
    )
    for (const name of answer.DeliveryStreamNames)
      gauges.push(await ask<Gauge>(server, `api/delivery-streams/${name}?${scopeOf(server)}`))
    page = answer.HasMoreDeliveryStreams
      ? { Limit: 100, ExclusiveStartDeliveryStreamName: answer.DeliveryStreamNames.at(-1) }
      : undefined
  }
  return gauges
}

async function listChannels(server: ServerAddress): Promise<Channel[]> {
  const channels: Channel[] = []
  let page: object | undefined = {}
  while (page) {
    const answer: { ChannelSummaries: Channel[]; NextToken?: string } = await awsCall(
      server,
      'kinesis',
      'ListChannels',
      page,
    )
    for (const channel of answer.ChannelSummaries) channels.push(await withGauge(server, channel))
    page = answer.NextToken === undefined ? undefined : { NextToken: answer.NextToken }
  }
  return channels
}

async function withGauge(server: ServerAddress, channel: Channel): Promise<Channel> {
  if (channel.ChannelStatus === 'FAILED' || channel.ChannelStatus === 'DELETING') return channel
  const path = `api/delivery-streams/${channel.ChannelId}?${scopeOf(server)}`
  return { ...channel, gauge: await ask<Gauge>(server, path) }
}
