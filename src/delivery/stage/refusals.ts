import type { MetadataStore } from '../../engine/engine.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import { checkpointKeyOf } from '../progress/checkpoint.ts'
import { stageIdOf } from '../progress/outlet.ts'

/** The keys that got no partition in a batch. */
interface Refused {
  /** Of the stage's progress when the batch was begun. */
  readonly batch: number
  readonly keys: readonly string[]
}

const REFUSED = 'firehose/refused/'
export const refusedKeyOf = ({ id }: Pick<DeliveryStream, 'id'>): string => REFUSED + id

/**
 * Keys for which there was no partition left: their records have gone to the errors. When the batch is repeated there
 * may be one, so what was decided is kept until the batch is over, durably before any of its records leaves.
 */
export function createRefusals(metadata: MetadataStore, stream: Pick<DeliveryStream, 'id'>) {
  let refused: Refused = { batch: -1, keys: [] }
  let isSaved = true

  return {
    /** A batch, or a part of it, is about to be emitted. */
    async begin(): Promise<void> {
      const batch = (await metadata.get(checkpointKeyOf(stageIdOf(stream))))?.revision ?? -1
      if (refused.batch === batch) return
      const known = (await metadata.get<Refused>(refusedKeyOf(stream)))?.value
      refused = known?.batch === batch ? known : { batch, keys: [] }
    },
    has: (key: string): boolean => refused.keys.includes(key),
    add(key: string): void {
      if (refused.keys.includes(key)) return
      refused = { ...refused, keys: [...refused.keys, key] }
      isSaved = false
    },
    async save(): Promise<void> {
      if (isSaved) return
      await metadata.commit([{ put: refusedKeyOf(stream), value: refused }])
      isSaved = true
    },
  }
}
