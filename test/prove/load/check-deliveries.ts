import type { AwsClient } from './aws-client.ts'
import type { RecordsFound } from './check-records.ts'
import type { Expected } from './expected.ts'
import { idOf, recordOf } from './questions.ts'
import { advance, DELIVERIES, type DeliveryOfSource, deliver, LAKE, LATE, SOURCES } from './world.ts'

/** What was found in the objects so far: they are read once. */
export interface ObjectsFound {
  /** By bucket and key: the ETag. */
  readonly objects: Map<string, string>
  /** By delivery: where each record lies. */
  readonly places: Map<string, Map<number, Place>>
}
interface Place {
  readonly object: string
  /** In the uncompressed object. */
  readonly offset: number
}
export const noObjectsYet = (): ObjectsFound => ({ objects: new Map(), places: new Map() })
/** Records whose place is asked for each time. */
const SAMPLES = 4

/** Delivers all there is, and reads every object that is new; in words, what is lost, doubled or out of order. */
export async function checkDeliveries(
  client: AwsClient,
  expected: Expected,
  records: RecordsFound,
  found: ObjectsFound,
): Promise<string[]> {
  await advance(client, '6m')
  for (const { name } of DELIVERIES) await deliver(client, name)
  const broken: string[] = []
  const buckets = [...(await client.ok('/')).matchAll(/<Name>([^<]+)</g)].map(([, name]) => name!)
  const listed = new Set<string>()
  for (const bucket of buckets.filter((name) => name === LAKE || name.startsWith(LATE)))
    broken.push(...(await readBucket(client, bucket, found, listed)))
  for (const object of found.objects.keys())
    if (!listed.has(object)) broken.push(`${object} was there and is gone`)
  for (const delivery of DELIVERIES) {
    const places = found.places.get(delivery.name) ?? new Map<number, Place>()
    const lost = [...expected.records].filter(
      ([id, { source, answer }]) => source === delivery.source && answer !== undefined && !places.has(id),
    )
    if (lost.length > 0)
      broken.push(
        `${delivery.name}: ${lost.length} records are lost: ${lost
          .slice(0, 5)
          .map(([id]) => id)
          .join(', ')}`,
      )
    for (const id of places.keys())
      if (expected.records.get(id)?.source !== delivery.source)
        broken.push(`${delivery.name}: ${id} was never put`)
    broken.push(...checkOrder(delivery, places, records))
    broken.push(...(await checkLanded(client, delivery, expected, places)))
  }
  return broken
}

async function readBucket(
  client: AwsClient,
  bucket: string,
  { objects, places }: ObjectsFound,
  listed: Set<string>,
): Promise<string[]> {
  const broken: string[] = []
  for (let after = ''; ; ) {
    const listing = await client.ok(
      `/${bucket}?${new URLSearchParams({ 'list-type': '2', 'start-after': after })}`,
    )
    const found = [...listing.matchAll(/<Key>([^<]+)<.*?<ETag>(.*?)<\/ETag>/gs)]
    for (const [, key, etag] of found) {
      after = key!
      const delivery = deliveryOf(bucket, key!)
      if (!delivery) {
        if (!/^(objects|uploads)\//.test(key!)) broken.push(`nobody delivers ${bucket}/${key}`)
        continue
      }
      const object = `${bucket}/${key}`
      listed.add(object)
      if (objects.has(object)) {
        if (objects.get(object) !== etag) broken.push(`${object} is another than before`)
        continue
      }
      objects.set(object, etag!)
      const known = places.get(delivery.name) ?? new Map<number, Place>()
      places.set(delivery.name, known)
      broken.push(...(await readObject(client, object, known)))
    }
    if (!listing.includes('<IsTruncated>true<')) return broken
  }
}

const deliveryOf = (bucket: string, key: string): DeliveryOfSource | undefined =>
  DELIVERIES.find(({ prefix }) =>
    prefix === LATE ? bucket.startsWith(LATE) : bucket === LAKE && key.startsWith(prefix),
  )

async function readObject(client: AwsClient, object: string, places: Map<number, Place>): Promise<string[]> {
  const broken: string[] = []
  // fetch itself undoes a Content-Encoding of gzip.
  const answer = await client.fetch(`/${object}`)
  const text = Buffer.from(await answer.arrayBuffer()).toString('latin1')
  if (answer.status !== 200) return [`${object} is answered with ${answer.status}`]
  let offset = 0
  for (const line of text.split(/(?<=\n)/)) {
    const id = idOf(line)
    if (line !== recordOf(id))
      broken.push(`${object} holds at ${offset} what was never put: ${line.slice(0, 80)}`)
    const before = places.get(id)
    if (before) broken.push(`record ${id} is in ${object} and in ${before.object}`)
    places.set(id, { object, offset })
    offset += line.length
  }
  return broken
}

/** In one object, the records of a shard lie in their order; of two objects, all of one's lie before the other's. */
function checkOrder(
  { name, source }: DeliveryOfSource,
  places: ReadonlyMap<number, Place>,
  { numbers }: RecordsFound,
): string[] {
  if (source === 'direct') return []
  const spans = new Map<string, { first: bigint; last: bigint; object: string }>()
  const broken: string[] = []
  for (const [id, { object }] of places) {
    const record = numbers.get(id)
    if (!record) continue
    const folder = name === 'partitioned' ? object.slice(0, object.lastIndexOf('/')) : ''
    const place = `${record.shard} ${folder} ${object}`
    const span = spans.get(place)
    if (!span)
      spans.set(place, { first: record.number, last: record.number, object: `${record.shard} ${folder}` })
    else if (record.number > span.last) span.last = record.number
    else broken.push(`${name}: record ${id} of ${record.shard} is out of order in ${object}`)
  }
  const sorted = [...spans.values()].sort((a, b) =>
    a.object === b.object ? (a.first < b.first ? -1 : 1) : a.object < b.object ? -1 : 1,
  )
  for (const [index, span] of sorted.entries()) {
    const next = sorted[index + 1]
    if (next?.object === span.object && next.first <= span.last)
      broken.push(`${name}: two objects of ${span.object} lie across each other`)
  }
  return broken
}

/** Asks where some of the last records are. */
async function checkLanded(
  client: AwsClient,
  { name, source }: DeliveryOfSource,
  { records }: Expected,
  places: ReadonlyMap<number, Place>,
): Promise<string[]> {
  const broken: string[] = []
  const last = [...records]
    .filter((entry) => entry[1].source === source && entry[1].answer !== undefined)
    .slice(-400)
  const step = Math.max(1, Math.floor(last.length / SAMPLES))
  for (const [id, { answer = '' }] of last.filter((_, index) => index % step === 0)) {
    const place = places.get(id)
    if (!place) continue
    const query = new URLSearchParams(
      source === 'direct' ? { recordId: answer } : { stream: SOURCES[source], sequenceNumber: answer },
    )
    const text = await client.ok(`/_standpipe/api/landed?${query}`)
    const { landed } = JSON.parse(text) as {
      landed: { deliveryStream: string; bucket?: string; key?: string; offset?: number }[]
    }
    const isRight = landed.some(
      ({ bucket, key, offset }) => `${bucket}/${key}` === place.object && offset === place.offset,
    )
    if (!isRight)
      broken.push(`${name}: record ${id} is in ${place.object} at ${place.offset}, and landed is ${text}`)
  }
  return broken
}
