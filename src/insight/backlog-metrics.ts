import type { Backlog } from '../delivery/gauge.ts'
import { type Family, gauge } from '../metrics/family.ts'

/** Gauges of what waits for delivery, beside the sums of what was delivered. */
export function backlogMetrics(backlogs: readonly Backlog[]): Family[] {
  const family = (name: string, help: string, read: (backlog: Backlog) => number | undefined): Family => {
    const samples = backlogs.flatMap((backlog) => {
      const { account, region, type } = backlog
      const named = type === 'Channel' ? { ChannelName: backlog.name } : { DeliveryStreamName: backlog.name }
      const value = read(backlog)
      return value === undefined ? [] : { labels: { account, region, ...named }, value }
    })
    return gauge(`standpipe_delivery_${name}`, help, samples)
  }
  return [
    family('waiting_records', 'Records that are not delivered', ({ records }) => records),
    family('waiting_bytes', 'Their bytes', ({ bytes }) => bytes),
    family('oldest_age_seconds', 'Age of the oldest of them', ({ oldestAgeMs }) => oldestAgeMs / 1000),
    family('failing', '1 while the destination fails', ({ isFailing }) => Number(isFailing)),
    family(
      'first_lost_in_seconds',
      'Until the stream no longer keeps the oldest, where that is near',
      ({ firstLostInMs }) => (firstLostInMs === undefined ? undefined : firstLostInMs / 1000),
    ),
  ]
}
