import { CommandFailure } from '../command.ts'
import { machineClock } from '../machine-clock.ts'
import type { Clients } from './lab-run.ts'

/** The lab's events: sensor readings as JSON. */
export const eventsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const id = first + index
    return JSON.stringify({
      event_id: id,
      timestamp: machineClock.now() / 1000,
      value: ((id * 37) % 100) + 1,
    })
  })

export const STREAM = 'ml-streaming-input'
export const BUCKET = 'ml-ingestion-bucket'
export const DELIVERY_STREAM = 'ml-firehose-delivery-stream'
export const DIRECT_PUT = 'StreamToS3'

/** Whether a resource is there, by asking for it. */
export async function exists(describe: () => Promise<unknown>): Promise<boolean> {
  try {
    await describe()
    return true
  } catch (error) {
    if (/^(ResourceNotFoundException|NotFound|NoSuchBucket)$/.test((error as Error).name)) return false
    throw error
  }
}

/** The lab deletes what it made, so nothing of its names may be there before. */
export async function refuseToTouch({ kinesis, firehose, s3 }: Clients): Promise<void> {
  const found = [
    (await exists(() => kinesis.describeStreamSummary({ StreamName: STREAM }))) && `stream ${STREAM}`,
    (await exists(() => s3.headBucket({ Bucket: BUCKET }))) && `bucket ${BUCKET}`,
    ...(await Promise.all(
      [DELIVERY_STREAM, DIRECT_PUT].map(
        async (DeliveryStreamName) =>
          (await exists(() => firehose.describeDeliveryStream({ DeliveryStreamName }))) &&
          `delivery stream ${DeliveryStreamName}`,
      ),
    )),
  ].filter((name) => name !== false)
  if (found.length > 0)
    throw new CommandFailure(
      `there is ${found.join(', ')} already, and the lab does not touch what it did not make: delete it, or run the lab on another --port`,
    )
}
