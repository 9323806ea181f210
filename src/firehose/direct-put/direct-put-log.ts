import type { LogId, LogStore } from '../../engine/engine.ts'
import { isStaged } from '../processors/processing.ts'
import type { DeliveryStream } from '../streams/delivery-stream.ts'

/** Longer than AWS's 24 hours, so that a machine that was off over the weekend loses nothing. */
const RETENTION_MS = 7 * 86_400_000

/** The logs that a delivery stream has for itself. */
export const internalGroupOf = (id: string) => `firehose/${id}`

/** Where a Direct PUT delivery stream keeps its records until they are delivered. */
export const directPutLogOf = ({ id }: Pick<DeliveryStream, 'id'>): LogId => ({
  group: internalGroupOf(id),
  log: 'records',
})

/** Idempotent: also repairs what a crash right after the creation left out. */
export async function ensureInternalLogs(logs: LogStore, stream: DeliveryStream): Promise<void> {
  if (stream.type === 'DirectPut' || isStaged(stream))
    await logs.ensureGroup(internalGroupOf(stream.id), { retentionMs: RETENTION_MS })
}

export const dropInternalLogs = (logs: LogStore, { id }: Pick<DeliveryStream, 'id'>): Promise<void> =>
  logs.dropGroup(internalGroupOf(id))
