import type { MetadataStore } from '../../engine/engine.ts'
import { arnOf, type DeliveryStreamType } from '../delivery-stream.ts'
import { dueAt, firesFirst, type Hints } from './buffer.ts'
import { listDelivered } from './checkpoint.ts'
import type { Failure, LineState } from './line.ts'
import type { Delivered, Manifest } from './manifest.ts'

/** What AWS hides: how full the buffer is, what fires next and when, and what was delivered. Times are ms since 1970. */
export interface Gauge {
  readonly name: string
  readonly arn: string
  readonly type: DeliveryStreamType
  readonly buffered: { readonly records: number; readonly bytes: number }
  readonly hints: Hints
  /** When the interval ends; absent while the buffer is empty. */
  readonly dueAt?: number
  /** The hint that fires first if records go on arriving as they did so far. */
  readonly firesFirst?: 'size' | 'interval'
  /** A batch whose object is on its way. */
  readonly sealed?: Pick<Manifest, 'bucket' | 'key' | 'records' | 'bytes' | 'reason' | 'sealedAt'>
  /** Failed attempts since the last success. */
  readonly failures: number
  readonly retryAt?: number
  readonly lastError?: Failure
  readonly sources: readonly {
    readonly shardId?: string
    readonly position: number
    readonly lagMs: number
  }[]
  /** The newest first. */
  readonly lastDeliveries: readonly Omit<Delivered, 'ranges'>[]
}

const LAST_DELIVERIES = 10

export async function gaugeOf(metadata: MetadataStore, state: LineState, now: number): Promise<Gauge> {
  const { stream, hints, progress, intake, failures, retryAt, lastError } = state
  const totals = intake.buffer.totals()
  const first = firesFirst(totals, hints, now)
  const sealed = progress.sealed?.value
  const from = progress.checkpoint.value.objects - LAST_DELIVERIES + 1
  const history = await listDelivered(metadata, stream.id, from)
  return {
    name: stream.name,
    arn: arnOf(stream),
    type: stream.type,
    buffered: { records: totals.records, bytes: totals.bytes },
    hints,
    ...(totals.records > 0 && { dueAt: dueAt(totals, hints) }),
    ...(first && { firesFirst: first }),
    ...(sealed && {
      sealed: {
        bucket: sealed.bucket,
        key: sealed.key,
        records: sealed.records,
        bytes: sealed.bytes,
        reason: sealed.reason,
        sealedAt: sealed.sealedAt,
      },
    }),
    failures,
    ...(retryAt !== undefined && { retryAt }),
    ...(lastError && { lastError }),
    sources: intake.lags(),
    lastDeliveries: history.reverse().map(({ ranges: _ranges, ...delivered }) => delivered),
  }
}
