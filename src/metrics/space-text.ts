import { familiesText, gauge, type Sample } from './family.ts'

/** Bytes of what has a name. */
interface Taken {
  readonly bytes: number
  readonly largest: readonly {
    readonly name: string
    readonly account: string
    readonly region: string
    readonly bytes: number
    readonly quotaBytes?: number
  }[]
}

interface Space {
  readonly usedBytes: number
  readonly freeBytes: number
  readonly roomBytes: number
  readonly limitBytes?: number
  readonly fullInMs?: number
  readonly restBytes: number
  readonly streams: Taken
  readonly buffers: Taken
  readonly buckets: Taken
}

const NAMED = [
  ['streams', 'stream', 'records of each Kinesis stream that can be read'],
  ['buffers', 'buffer', 'records that wait in each delivery stream and channel'],
  ['buckets', 'bucket', 'objects and uploads of each bucket'],
] as const

/**
 * The space there is as Prometheus gauges. What has a name is listed as far as the view lists it, the largest first: however
 * many there are, there are no more series; the sums are of all.
 */
export function spaceText(space: Space): string {
  const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [{ value }])
  const { streams, buffers, buckets, restBytes } = space
  return familiesText([
    gauge('standpipe_used_bytes', 'What is kept, by what it is', [
      { labels: { of: 'streams' }, value: streams.bytes },
      { labels: { of: 'buffers' }, value: buffers.bytes },
      { labels: { of: 'buckets' }, value: buckets.bytes },
      { labels: { of: 'rest' }, value: restBytes },
    ]),
    gauge('standpipe_free_bytes', 'Free on the disk', space.freeBytes),
    gauge('standpipe_room_bytes', 'Until writes are refused', space.roomBytes),
    gauge('standpipe_limit_bytes', 'What may be kept at most', one(space.limitBytes)),
    gauge(
      'standpipe_full_in_seconds',
      'When writes will be refused if it goes on as it went; absent while nothing fills up',
      one(space.fullInMs === undefined ? undefined : Math.round(space.fullInMs / 1000)),
    ),
    ...NAMED.flatMap(([part, noun, what]) => [
      gauge(`standpipe_${noun}_bytes`, `Bytes of the ${what}; the largest`, samplesOf(space[part], 'bytes')),
      gauge(
        `standpipe_${noun}_quota_bytes`,
        `What may be kept of the ${what}`,
        samplesOf(space[part], 'quotaBytes'),
      ),
    ]),
  ])
}

const samplesOf = ({ largest }: Taken, of: 'bytes' | 'quotaBytes'): Sample[] =>
  largest.flatMap(({ name, account, region, [of]: value }) =>
    value === undefined ? [] : [{ labels: { name, account, region }, value }],
  )
