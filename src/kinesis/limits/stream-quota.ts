import type { LogStore } from '../../engine/ports/engine.ts'
import type { GroupQuotas } from '../../engine/ports/group-quota.ts'
import { type QuotaProblems, quotaSentence } from '../../metrics/quota-problems.ts'
import { limitExceeded } from '../exceptions/kinds.ts'
import { type StreamRef, streamWhere } from '../stream-ref.ts'
import type { FoundStream, StreamStore } from '../streams/store.ts'

interface Bounded {
  readonly logs: Pick<LogStore, 'bytesOf'>
  readonly streams: Pick<StreamStore, 'find'>
  readonly groupQuotas: GroupQuotas
  readonly quotas: QuotaProblems
}

/**
 * Throws LimitExceededException when a stream may not keep so much more: all of the call is refused. AWS has no such
 * quota; what has grown too old makes room.
 */
export function checkStreamQuota(
  { logs, streams, groupQuotas, quotas }: Bounded,
  { ref, stream: { quotaBytes }, group }: FoundStream,
  entries: readonly { readonly sizeBytes: number }[],
): void {
  if (quotaBytes === undefined) return
  const moreBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const usedBytes = groupQuotas.excess(group, moreBytes, quotaBytes)
  if (usedBytes === undefined) return
  const met = { where: streamWhere(ref), quotaBytes, usedBytes, moreBytes }
  quotas.met({
    ...met,
    async hasRoom(more) {
      const now = await streams.find(ref)
      const quota = now?.stream.quotaBytes
      return !now || quota === undefined || logs.bytesOf(now.group) + more <= quota
    },
  })
  const sentence = quotaSentence(met)
  throw limitExceeded(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`)
}

/** Of `undefined` there is none any more. Throws ResourceNotFoundException. */
export const setStreamQuota = (
  { streams }: { readonly streams: Pick<StreamStore, 'change'> },
  ref: StreamRef,
  quotaBytes: number | undefined,
): Promise<unknown> =>
  streams.change(ref, ({ quotaBytes: _, ...stream }) => ({
    ...stream,
    ...(quotaBytes !== undefined && { quotaBytes }),
  }))
