import type { LogId, LogStore, MetadataStore, Position } from '../../engine/engine.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import { readRepeats } from './repeats.ts'

interface Buffer {
  /** What it has seen of each source. */
  seen(): readonly LogId[]
  forget(sources: readonly LogId[]): void
}

/**
 * Forgets the sources that an outlet has seen and its stage is past: nothing of them is put into the outlet's log
 * after that. What was put there before may hold them a second time, so it has to be read first.
 */
export function createForgetfulness({ metadata, logs }: { metadata: MetadataStore; logs: LogStore }) {
  let over: { readonly sources: readonly LogId[]; readonly at: Position } | undefined

  return async (stream: DeliveryStream, log: LogId, readTo: Position, buffer: Buffer): Promise<void> => {
    if (over && readTo >= over.at) {
      buffer.forget(over.sources)
      over = undefined
    }
    if (over) return
    const repeats = await readRepeats(metadata, stream)
    const sources = repeats ? buffer.seen().filter((source) => !repeats.mayComeFrom(source)) : []
    if (sources.length > 0) over = { sources, at: await logs.seek(log, 'newest') }
  }
}
