import type { Cancel } from '../../clock/clock.ts'
import { clearRemains, endDeliveryStream } from '../deletion.ts'
import { ALL_STREAMS, type DeliveryStream, statusAt, streamKeyOf } from '../delivery-stream.ts'
import { directPutLogOf } from '../direct-put-log.ts'
import { deliveryStreamNotFound } from '../exceptions.ts'
import type { Firehose } from '../firehose.ts'
import { parseRecordId } from '../record-id.ts'
import { type Gauge, gaugeOf } from './gauge.ts'
import { type Landed, landedOf, type Place } from './landed.ts'
import { type Line, openLine } from './line.ts'
import { createSerial } from './serial.ts'
import { createSlots } from './slots.ts'

/** Objects that are compressed at the same time. */
const COMPRESSIONS = 2

export interface DeliveredObject {
  readonly bucket: string
  readonly key: string
  readonly records: number
  readonly bytes: number
}

/** Which record is asked for. */
export type RecordPlace =
  | { readonly recordId: string }
  /** A record of a Kinesis stream, by its log and position. */
  | ({ readonly streamArn: string } & Place)

/** The work behind all delivery streams of this engine. */
export interface Delivery {
  /** Delivers what is buffered without waiting for its hints. Throws ResourceNotFoundException or DeliveryFailed. */
  deliverNow(account: string, region: string, name: string): Promise<{ objects: DeliveredObject[] }>
  /** Throws ResourceNotFoundException. */
  status(account: string, region: string, name: string): Promise<Gauge>
  /** One answer for each delivery stream that reads the record; none when there is none. */
  landed(place: RecordPlace): Promise<Landed[]>
  /** Stops working; buffers stay in the logs with their deadlines. */
  close(): Promise<void>
}

/** Finds all delivery streams and works on them from now on; what came due meanwhile is delivered at once. */
export async function startDelivery(firehose: Firehose): Promise<Delivery> {
  const { metadata, clock } = firehose
  const lines = new Map<string, Line>()
  const endings = new Map<string, Cancel>()
  const compressions = createSlots(COMPRESSIONS)
  const closing = new AbortController()
  const run = createSerial()
  let isSyncing = false

  /** Opens and closes lines until they are those of the delivery streams that there are. */
  async function sync(): Promise<void> {
    isSyncing = false
    if (closing.signal.aborted) return
    const documents = await metadata.list<DeliveryStream>({ prefix: ALL_STREAMS })
    const present = new Set(documents.map(({ value }) => value.id))
    for (const id of lines.keys()) if (!present.has(id)) await closeLine(id)
    for (const { value } of documents)
      if (value.goneAt !== undefined) await end(value, value.goneAt)
      else if (!lines.has(value.id)) {
        const line = await openLine(firehose, value, compressions)
        if (line) lines.set(value.id, line)
      }
    await clearRemains(firehose)
  }

  async function end(stream: DeliveryStream, goneAt: number): Promise<void> {
    await closeLine(stream.id)
    if (statusAt(stream, clock.now()) === undefined) {
      endings.delete(stream.id)
      await endDeliveryStream(firehose, stream)
    } else if (!endings.has(stream.id)) {
      endings.set(
        stream.id,
        clock.at(goneAt, () => run(sync)),
      )
    }
  }

  async function closeLine(id: string): Promise<void> {
    const line = lines.get(id)
    lines.delete(id)
    await line?.close()
  }

  async function lineOf(account: string, region: string, name: string): Promise<Line> {
    await run(sync)
    const document = await metadata.get<DeliveryStream>(streamKeyOf({ account, region, name }))
    const line = document && lines.get(document.value.id)
    if (!line) throw deliveryStreamNotFound(name, account)
    return line
  }

  await run(sync)
  metadata.watch(
    ALL_STREAMS,
    () => {
      if (isSyncing) return
      isSyncing = true
      clock.at(clock.now(), () => run(sync))
    },
    closing.signal,
  )
  const stopSettling = clock.onMove(async () => {
    await run(sync)
    await Promise.all([...lines.values()].map((line) => line.settle()))
  })

  return {
    async deliverNow(account, region, name) {
      const delivered = await (await lineOf(account, region, name)).deliverNow()
      return {
        objects: delivered
          .filter(({ outcome }) => outcome.status === 'delivered')
          .map(({ bucket, key, records, bytes }) => ({ bucket, key, records, bytes })),
      }
    },
    async status(account, region, name) {
      return await gaugeOf(metadata, (await lineOf(account, region, name)).state(), clock.now())
    },
    async landed(place) {
      await run(sync)
      const states = [...lines.values()].map((line) => line.state())
      if ('streamArn' in place) {
        const readers = states.filter(({ stream }) => stream.source?.streamArn === place.streamArn)
        return await Promise.all(readers.map((state) => landedOf(metadata, state, place)))
      }
      const { deliveryStreamId, position = 0 } = parseRecordId(place.recordId) ?? {}
      const own = states.find(({ stream }) => stream.id === deliveryStreamId)
      const log = own && { ...directPutLogOf(own.stream), position }
      return own && log ? [await landedOf(metadata, own, log)] : []
    },
    async close() {
      closing.abort()
      stopSettling()
      for (const cancel of endings.values()) cancel()
      await run(async () => undefined)
      await Promise.all([...lines.keys()].map(closeLine))
    },
  }
}
