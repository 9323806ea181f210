import type { Clock } from '../../clock/clock.ts'
import { billedBytesOf } from '../../delivery/reading/log-range.ts'
import { isEngineError, type LogStore, type MetadataStore } from '../../engine/ports/engine.ts'
import type { GroupQuotas } from '../../engine/ports/group-quota.ts'
import { encodeRecords, NO_HASH_KEY } from '../../engine/ports/record.ts'
import type { Meters } from '../../metrics/meters.ts'
import type { QuotaProblems } from '../../metrics/quota-problems.ts'
import { free } from '../../service/memory/free.ts'
import type { Caller } from '../../service/operation.ts'
import { deliveryStreamNotFound, invalidArgument, slowDown } from '../exceptions.ts'
import { type DeliveryStream, findDeliveryStream, statusAt } from '../streams/delivery-stream.ts'
import { isEncrypted } from '../streams/encryption.ts'
import { directPutLogOf } from '../streams/jobs.ts'
import { meterIngested } from '../streams/metering.ts'
import { checkBufferQuota } from './buffer-quota.ts'
import { recordIdOf } from './record-id.ts'

/** What taking records in works with. */
interface Ingesting {
  readonly logs: LogStore
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly meters: Meters
  readonly throughput: Throughput
  readonly groupQuotas: GroupQuotas
  readonly quotas: QuotaProblems
}

/** The delivery stream that takes records from producers; throws when this one does not. */
export async function directPutStream(
  firehose: Pick<Ingesting, 'metadata' | 'clock'>,
  caller: Caller,
  name: string,
): Promise<DeliveryStream> {
  const { value: stream } = await findDeliveryStream(firehose, caller, name)
  if (stream.type !== 'DirectPut')
    throw invalidArgument(`This operation is not permitted on ${stream.type} delivery stream type.`)
  // AWS documents an exception before ACTIVE without saying which.
  if (statusAt(stream, firehose.clock.now()) === 'CREATING')
    throw deliveryStreamNotFound(name, caller.account)
  return stream
}

/**
 * Appends the records for which there is room, durably and in order. For each record its RecordId, or undefined
 * when it was throttled.
 */
export async function ingest(
  firehose: Ingesting,
  stream: DeliveryStream,
  data: readonly Uint8Array[],
): Promise<(string | undefined)[]> {
  const { clock, meters, throughput } = firehose
  const arrivalTime = clock.now()
  const encrypted = isEncrypted(stream, arrivalTime)
  const admitted = throughput.admit(
    stream.id,
    data.map(({ length }) => length),
    arrivalTime,
  )
  const taken = data.filter((_, index) => admitted[index])
  const bytes = taken.reduce((sum, { length }) => sum + length, 0)
  checkBufferQuota(firehose, stream, bytes)
  const records = taken.map((data) => ({ hashKey: NO_HASH_KEY, partitionKey: '', data }))
  const { entries, whole } = encodeRecords(records, { arrivalTime, encrypted })
  let position = entries.length > 0 ? await append(firehose, stream, entries) : 0
  free(whole)
  const billedBytes = taken.reduce((sum, { length }) => sum + billedBytesOf(length), 0)
  meterIngested(meters, { bytes, billedBytes })
  return admitted.map((isAdmitted) => (isAdmitted ? recordIdOf(stream.id, position++) : undefined))
}

async function append(
  { logs }: Ingesting,
  stream: DeliveryStream,
  entries: readonly Uint8Array[],
): Promise<number> {
  try {
    return (await logs.append(directPutLogOf(stream), entries)).first
  } catch (error) {
    if (isEngineError(error, 'Overloaded')) throw slowDown(error)
    // It was deleted between the look-up and the append.
    if (isEngineError(error, 'NoSuchGroup')) throw deliveryStreamNotFound(stream.name, stream.account)
    throw error
  }
}

/** Direct PUT's quotas in the large regions. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const PER_SECOND = { requests: 2000, records: 500_000, bytes: 5 * 2 ** 20 }

interface Used {
  requests: number
  records: number
  bytes: number
}

/** What each delivery stream took in during the present second. */
export function createThroughput(limits: 'aws' | 'off') {
  let second = -1
  let used = new Map<string, Used>()

  return {
    /** For each record of one request, by its size: whether there is room for it. */
    admit(id: string, recordBytes: readonly number[], now: number): readonly boolean[] {
      if (limits === 'off') return recordBytes.map(() => true)
      const current = Math.floor(now / 1000)
      if (current !== second) {
        second = current
        used = new Map()
      }
      const own = used.get(id) ?? { requests: 0, records: 0, bytes: 0 }
      used.set(id, own)
      if (++own.requests > PER_SECOND.requests) return recordBytes.map(() => false)
      return recordBytes.map((bytes) => {
        const fits = own.records < PER_SECOND.records && own.bytes + bytes <= PER_SECOND.bytes
        if (!fits) return false
        own.records++
        own.bytes += bytes
        return true
      })
    },
  }
}

export type Throughput = ReturnType<typeof createThroughput>
