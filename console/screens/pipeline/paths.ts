import type { DeliveryStreamView, Overview, StreamView } from '../../../src/api/views.ts'

/** One way of records from their producers to a bucket, as far as it leads. */
export interface Path {
  readonly stream?: StreamView
  readonly deliveryStream?: DeliveryStreamView
}

/** One for each delivery stream, and one for each stream that none reads. */
export function pathsOf({ streams, deliveryStreams }: Pick<Overview, 'streams' | 'deliveryStreams'>): Path[] {
  const readersOf = Map.groupBy(deliveryStreams, ({ sourceStream }) => sourceStream)
  const ofStreams = streams.flatMap((stream): Path[] => {
    const readers = readersOf.get(stream.name) ?? []
    return readers.length === 0 ? [{ stream }] : readers.map((deliveryStream) => ({ stream, deliveryStream }))
  })
  const names = new Set(streams.map(({ name }) => name))
  const others = deliveryStreams.filter(
    ({ sourceStream }) => sourceStream === undefined || !names.has(sourceStream),
  )
  return [...ofStreams, ...others.map((deliveryStream) => ({ deliveryStream }))]
}
