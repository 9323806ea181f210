import type { Cancel } from '../clock/clock.ts'
import { directPutLogOf } from '../firehose/direct-put/direct-put-log.ts'
import { parseRecordId } from '../firehose/direct-put/record-id.ts'
import { deliveryStreamNotFound } from '../firehose/exceptions.ts'
import type { Firehose } from '../firehose/firehose.ts'
import { type DeliveryStream, documentKeyOf, statusAt } from '../firehose/streams/delivery-stream.ts'
import { type DeliverySummary, type Gauge, gaugeOf, summaryOf } from './gauge.ts'
import { deliveryStreamAt, listDeliveryStreamKeys, watchDeliveryStreams } from './job.ts'
import { type Landed, landedOf, type Place } from './landed.ts'
import type { LogRange } from './line/buffer.ts'
import { forgiveGone } from './lineage/gone.ts'
import { findDelivered } from './lineage/history.ts'
import { sourcesOf } from './lineage/lineage.ts'
import { openPipeline, type Pipeline } from './pipeline.ts'
import { clearRemains, endDeliveryStream } from './remains.ts'
import { sayNoMore } from './stage/suspension.ts'
import { createSerial, createSlots } from './turns.ts'

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

/** An object that was delivered, and the pieces of logs that it was made of. */
export interface ObjectOrigin {
  readonly deliveryStream: DeliveryStream
  readonly object: DeliverySummary
  /** Where processors chose among the records, others lie between. */
  readonly sources: readonly LogRange[]
}

/** The work behind all delivery streams of this engine. */
export interface Delivery {
  /**
   * Delivers what is buffered without waiting for its hints. `name`: of a delivery stream or else a channel, or a
   * channel's id. Throws ResourceNotFoundException or DeliveryFailed.
   */
  deliverNow(account: string, region: string, name: string): Promise<{ objects: DeliveredObject[] }>
  /** Throws ResourceNotFoundException. */
  status(account: string, region: string, name: string): Promise<Gauge>
  /** Of those that are there of these ids. */
  gauges(ids: readonly string[]): Promise<ReadonlyMap<string, Gauge>>
  /** Grows with whatever may change a gauge but the time. */
  changes(): number
  /** At least one answer for each delivery stream that reads the record; none when there is none. */
  landed(place: RecordPlace): Promise<Landed[]>
  /** What an object was made of; undefined when no delivery is remembered that wrote it. */
  madeOf(bucket: string, key: string): Promise<ObjectOrigin | undefined>
  /** Stops working; buffers stay in the logs with their deadlines. */
  close(): Promise<void>
}

/** Finds all delivery streams and works on them from now on; what came due meanwhile is delivered at once. */
export async function startDelivery(firehose: Firehose): Promise<Delivery> {
  const { metadata, clock } = firehose
  const pipelines = new Map<string, Pipeline>()
  const endings = new Map<string, Cancel>()
  const compressions = createSlots(COMPRESSIONS)
  const closing = new AbortController()
  const run = createSerial()
  /** The documents that nobody has looked at since they changed, by their keys. */
  const changed = new Set<string>()
  /** Which delivery stream stood under a key when it was looked at. */
  const ids = new Map<string, string>()
  let isSyncing = false

  /** Opens and closes lines until they are those of the delivery streams that there are; costs what has changed. */
  async function sync(): Promise<void> {
    isSyncing = false
    if (changed.size > 0) await lookAtChanged()
  }

  async function lookAtChanged(): Promise<void> {
    if (closing.signal.aborted) return
    const keys = [...changed]
    changed.clear()
    try {
      for (const key of keys) await look(key)
      await clearRemains(firehose)
    } catch (error) {
      for (const key of keys) changed.add(key)
      throw error
    }
  }

  async function look(key: string): Promise<void> {
    const stream = await deliveryStreamAt(firehose, key)
    const before = ids.get(key)
    if (before !== undefined && before !== stream?.id) {
      ids.delete(key)
      await forgetPipeline(before)
    }
    firehose.changes.add()
    if (!stream) return
    ids.set(key, stream.id)
    if (stream.goneAt !== undefined) await end(stream, stream.goneAt)
    else await openOrRefresh(stream)
  }

  /** Looks at all of them: at first, and when one is asked for that another process may just have made. */
  async function syncAll(): Promise<void> {
    for (const key of [...ids.keys(), ...(await listDeliveryStreamKeys(firehose))]) changed.add(key)
    await lookAtChanged()
  }

  async function openOrRefresh(stream: DeliveryStream): Promise<void> {
    const known = pipelines.get(stream.id)
    if (known) return await known.refresh(stream)
    const pipeline = await openPipeline(firehose, stream, compressions)
    if (pipeline) pipelines.set(stream.id, pipeline)
  }

  async function end(stream: DeliveryStream, goneAt: number): Promise<void> {
    await forgetPipeline(stream.id)
    if (statusAt(stream, clock.now()) === undefined) {
      endings.delete(stream.id)
      await endDeliveryStream(firehose, stream)
    } else if (!endings.has(stream.id)) {
      endings.set(
        stream.id,
        clock.at(goneAt, () => {
          changed.add(documentKeyOf(stream))
          return run(sync)
        }),
      )
    }
  }

  /** Of a delivery stream that is no more. */
  async function forgetPipeline(id: string): Promise<void> {
    const stream = pipelines.get(id)?.stream()
    await closePipeline(id)
    if (!stream) return
    forgiveGone(firehose.problems, stream)
    sayNoMore(firehose, stream)
  }

  async function closePipeline(id: string): Promise<void> {
    const pipeline = pipelines.get(id)
    pipelines.delete(id)
    await pipeline?.close()
  }

  function named(account: string, region: string, name: string): Pipeline | undefined {
    const found = [...pipelines.values()].filter((pipeline) => {
      const stream = pipeline.stream()
      if (stream.account !== account || stream.region !== region) return false
      return stream.name === name || stream.channel?.id === name
    })
    return found.find((one) => !one.stream().channel) ?? found[0]
  }

  async function pipelineOf(account: string, region: string, name: string): Promise<Pipeline> {
    await run(sync)
    const found = named(account, region, name)
    if (found) return found
    await run(syncAll)
    const pipeline = named(account, region, name)
    if (!pipeline) throw deliveryStreamNotFound(name, account)
    return pipeline
  }

  watchDeliveryStreams(
    firehose,
    (key) => {
      changed.add(key)
      if (isSyncing) return
      isSyncing = true
      clock.at(clock.now(), () => run(sync))
    },
    closing.signal,
  )
  await run(syncAll).catch(async (error: unknown) => {
    closing.abort()
    await Promise.all([...pipelines.keys()].map(closePipeline))
    throw error
  })
  const stopSettling = clock.onMove(async () => {
    await run(sync)
    await Promise.all([...pipelines.values()].map((pipeline) => pipeline.settle()))
  })

  return {
    async deliverNow(account, region, name) {
      const delivered = await (await pipelineOf(account, region, name)).deliverNow()
      return {
        objects: delivered
          .filter(({ outcome }) => outcome.status === 'delivered')
          .map(({ bucket, key, records, bytes }) => ({ bucket, key, records, bytes })),
      }
    },
    async status(account, region, name) {
      return gaugeOf(await pipelineOf(account, region, name), clock.now())
    },
    async gauges(wanted) {
      await run(sync)
      const found = new Map<string, Gauge>()
      for (const id of wanted) {
        const pipeline = pipelines.get(id)
        if (pipeline) found.set(id, gaugeOf(pipeline, clock.now()))
      }
      return found
    },
    changes: firehose.changes.count,
    async landed(place) {
      await run(sync)
      const all = [...pipelines.values()]
      if ('streamArn' in place) {
        const readers = all.filter((pipeline) => pipeline.stream().source?.streamArn === place.streamArn)
        return (await Promise.all(readers.map((one) => landedOf(firehose, one, place)))).flat()
      }
      const { deliveryStreamId, position = 0 } = parseRecordId(place.recordId) ?? {}
      const own = all.find((pipeline) => pipeline.stream().id === deliveryStreamId)
      return own ? await landedOf(firehose, own, { ...directPutLogOf(own.stream()), position }) : []
    },
    async madeOf(bucket, key) {
      await run(sync)
      const found = await findDelivered(metadata, bucket, key)
      const stream = found && pipelines.get(found.deliveryStreamId)?.stream()
      if (!stream) return undefined
      const sources = sourcesOf(found.delivered)
      return { deliveryStream: stream, object: summaryOf(found.delivered), sources }
    },
    async close() {
      closing.abort()
      stopSettling()
      for (const cancel of endings.values()) cancel()
      await run(async () => undefined)
      await Promise.all([...pipelines.keys()].map(closePipeline))
    },
  }
}
