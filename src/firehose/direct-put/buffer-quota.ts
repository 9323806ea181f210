import type { LogStore, MetadataStore } from '../../engine/ports/engine.ts'
import type { GroupQuotas } from '../../engine/ports/group-quota.ts'
import { type QuotaProblems, quotaSentence } from '../../metrics/quota-problems.ts'
import { whereText } from '../../service/arn.ts'
import { bufferQuotaMet, invalidArgument } from '../exceptions.ts'
import {
  changeDeliveryStream,
  type DeliveryStream,
  type DeliveryStreamName,
  deliveryStreamDocument,
  type Stored,
  streamKeyOf,
} from '../streams/delivery-stream.ts'
import { directPutLogOf } from '../streams/jobs.ts'

interface Bounded {
  readonly logs: Pick<LogStore, 'bytesOf'>
  readonly metadata: MetadataStore
  readonly groupQuotas: GroupQuotas
  readonly quotas: QuotaProblems
}

/**
 * Throws ServiceUnavailableException when the buffer of a delivery stream may not take so much more: what is delivered
 * makes room, so that trying again is right.
 */
export function checkBufferQuota(
  { logs, metadata, groupQuotas, quotas }: Bounded,
  stream: DeliveryStream,
  moreBytes: number,
): void {
  const { quotaBytes } = stream
  if (quotaBytes === undefined) return
  const { group } = directPutLogOf(stream)
  const usedBytes = groupQuotas.excess(group, moreBytes, quotaBytes)
  if (usedBytes === undefined) return
  const met = { where: whereText('delivery stream', stream), quotaBytes, usedBytes, moreBytes }
  quotas.met({
    ...met,
    async hasRoom(more) {
      const now = (await deliveryStreamDocument.getUndamaged(metadata, streamKeyOf(stream)))?.value
      const quota = now?.id === stream.id ? now.quotaBytes : undefined
      return quota === undefined || logs.bytesOf(group) + more <= quota
    },
  })
  throw bufferQuotaMet(quotaSentence(met))
}

/**
 * Of `undefined` there is none any more. Throws ResourceNotFoundException, ResourceInUseException, or
 * InvalidArgumentException for one that reads a Kinesis stream: it has no buffer that producers fill.
 */
export const setBufferQuota = (
  stored: Stored,
  name: DeliveryStreamName,
  quotaBytes: number | undefined,
): Promise<void> =>
  changeDeliveryStream(stored, name, ({ quotaBytes: _, ...stream }) => {
    if (stream.type !== 'DirectPut')
      throw invalidArgument(`${name.name} reads a Kinesis stream: give that one a quota instead.`)
    return { ...stream, ...(quotaBytes !== undefined && { quotaBytes }) }
  })
