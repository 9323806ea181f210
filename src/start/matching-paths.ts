/** What the names of a pipeline's parts are. */
interface Names {
  readonly streams: readonly string[]
  readonly deliveryStreams: readonly {
    readonly name: string
    readonly sourceStream?: string | undefined
    readonly bucket: string
  }[]
  readonly buckets: readonly string[]
}

/**
 * The parts of every path that a text names, whole: with a delivery stream its stream and its bucket. Who is named exactly
 * comes first. An empty text names everything.
 */
export function matchingPaths({ streams, deliveryStreams, buckets }: Names, text: string): Names {
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
