import { pause } from '../../clock/pause.ts'
import { bytesText } from '../terminal/quantity.ts'
import { createDeliveryStream, objectDetails, objectsOf } from './delivery-steps.ts'
import type { LabRun } from './lab-run.ts'
import { DIRECT_PUT, eventsFrom } from './names.ts'

const BUFFER_BYTES = 5 * 1024 * 1024
const RECORD_BYTES = BUFFER_BYTES / 8
/** A batch of PutRecordBatch takes up to 4 MiB. */
const RECORDS_PER_BATCH = 4
const THROTTLED_PAUSE_MS = 250

/** Without a stream: producers put into Firehose themselves; delivered by interval, then by size. */
export async function directPutSteps(run: LabRun): Promise<void> {
  const { firehose } = run.clients
  const delivered = async () => (await objectsOf(run)).filter(({ Key }) => Key?.includes(DIRECT_PUT))

  await run.step(`create delivery stream ${DIRECT_PUT}`, async () => {
    await createDeliveryStream(run, DIRECT_PUT, { DeliveryStreamType: 'DirectPut' })
    return {
      text: `Created ${DIRECT_PUT}, into which producers put directly, without a stream (Direct PUT).`,
    }
  })

  await run.step('put 10 lines, let 300 s pass', async () => {
    for (const event of eventsFrom(20, 10))
      await firehose.putRecord({
        DeliveryStreamName: DIRECT_PUT,
        Record: { Data: Buffer.from(`${event}\n`) },
      })
    const how = await run.passInterval(DIRECT_PUT)
    await run.until('the delivery', async () => (await delivered()).length > 0)
    const [object] = await delivered()
    return {
      text: `Put 10 lines. ${how}: with a newline in each record, the object has a line for each.`,
      details: await objectDetails(run, object?.Key),
      key: object?.Key,
      bytes: object?.Size,
    }
  })

  await run.step('put 5 MiB', async (show) => {
    const record: Uint8Array = Buffer.alloc(RECORD_BYTES, '.')
    let left = Array.from({ length: BUFFER_BYTES / RECORD_BYTES }, () => record)
    while (left.length > 0) {
      left = [...(await putBatch(run, left.slice(0, RECORDS_PER_BATCH))), ...left.slice(RECORDS_PER_BATCH)]
      show(`${bytesText(BUFFER_BYTES - left.length * RECORD_BYTES)} of ${bytesText(BUFFER_BYTES)}`)
    }
    await run.until('the delivery by size', async () => (await delivered()).length > 1)
    const object = (await delivered()).find(({ Size = 0 }) => Size >= BUFFER_BYTES)
    return {
      text: `Put ${bytesText(BUFFER_BYTES)} more: the size was reached before the 300 s, so it was delivered at once.`,
      details: [`${object?.Key}  (${bytesText(object?.Size ?? 0)})`],
      key: object?.Key,
      bytes: object?.Size,
    }
  })
}

/** Resolves with what was throttled and has to be put again. */
async function putBatch(run: LabRun, batch: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const { RequestResponses = [], FailedPutCount = 0 } = await run.clients.firehose.putRecordBatch({
    DeliveryStreamName: DIRECT_PUT,
    Records: batch.map((Data) => ({ Data })),
  })
  if (FailedPutCount > 0) await pause(THROTTLED_PAUSE_MS)
  return batch.filter((_, index) => RequestResponses[index]?.ErrorCode !== undefined)
}
