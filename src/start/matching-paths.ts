/** What the names of a pipeline's parts are. */
interface Names<D> {
  readonly streams: readonly string[]
  readonly deliveryStreams: readonly D[]
  readonly buckets: readonly string[]
}

interface NamedDeliveryStream {
  readonly name: string
  readonly sourceStream?: string | undefined
  readonly bucket: string
}

/**
 * The parts of every path that a text names, whole: with a delivery stream its stream and its bucket. Who is named exactly
 * comes first. An empty text names everything.
 */
export function matchingPaths<D extends NamedDeliveryStream>(
  { streams, deliveryStreams, buckets }: Names<D>,
  text: string,
): Names<D> {
  const wanted = text.toLowerCase()
  const isNamed = (name: string | undefined) => name?.toLowerCase().includes(wanted) ?? false
  const exactFirst = (one: string, other: string) => Number(other === text) - Number(one === text)
  const between = deliveryStreams
    .filter((one) => [one.name, one.sourceStream, one.bucket].some(isNamed))
    .toSorted((one, other) => exactFirst(one.name, other.name))
  const read = new Set(between.map(({ sourceStream }) => sourceStream))
  const written = new Set(between.map(({ bucket }) => bucket))
  return {
    streams: streams.filter((name) => isNamed(name) || read.has(name)).toSorted(exactFirst),
    deliveryStreams: between,
    buckets: buckets.filter((name) => isNamed(name) || written.has(name)).toSorted(exactFirst),
  }
}
