import { type AwsClient, Refusal } from './aws-client.ts'
import { UNTAGGED } from './control-work.ts'
import type { Expected } from './expected.ts'
import { ABSENT, contentOf } from './questions.ts'
import { LAKE } from './world.ts'

/** Looks at every register, and settles on what it finds; in words, what is not as it must be. */
export async function checkRegisters(client: AwsClient, expected: Expected): Promise<string[]> {
  const look = async ([name, values]: [string, ReadonlySet<string>]) => {
    const [kind = '', what = ''] = name.split(/:(.*)/)
    const found = await OBSERVERS[kind]!(client, what)
    expected.settle({ [name]: found })
    return values.has(found) ? [] : [`${name} is ${found}, and not ${[...values].join(' or ')}`]
  }
  return (await Promise.all([...expected.registers].map(look))).flat()
}

const OBSERVERS: Readonly<Record<string, (client: AwsClient, name: string) => Promise<string>>> = {
  async object(client, key) {
    const answer = await client.fetch(`/${LAKE}/${key}`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (answer.status === 404) return ABSENT
    const version = /^version \d+ of \d+ bytes; /.exec(bytes.subarray(0, 80).toString('latin1'))?.[0]
    if (answer.status !== 200 || !version) return `answered with ${answer.status}: ${bytes.subarray(0, 300)}`
    return bytes.equals(contentOf(version)) ? version : `a part of ${version}, ${bytes.length} bytes`
  },
  stream: (client, StreamName) =>
    orAbsent(async () => {
      const { StreamDescriptionSummary: found } = await client.call<{
        StreamDescriptionSummary: { StreamStatus: string }
      }>('kinesis', 'DescribeStreamSummary', { StreamName })
      return found.StreamStatus === 'DELETING' ? ABSENT : 'there'
    }),
  async 'stream-tag'(client, StreamName) {
    if ((await OBSERVERS.stream!(client, StreamName)) === ABSENT) return ABSENT
    const { Tags } = await client.call<{ Tags: { Value: string }[] }>('kinesis', 'ListTagsForStream', {
      StreamName,
    })
    return Tags[0]?.Value ?? UNTAGGED
  },
  'delivery-stream': (client, name) =>
    orAbsent(async () => ((await describe(client, name)) ? 'there' : ABSENT)),
  async 'delivery-stream-tag'(client, name) {
    if ((await OBSERVERS['delivery-stream']!(client, name)) === ABSENT) return ABSENT
    const { Tags } = await client.call<{ Tags: { Value: string }[] }>(
      'firehose',
      'ListTagsForDeliveryStream',
      {
        DeliveryStreamName: name,
      },
    )
    return Tags[0]?.Value ?? UNTAGGED
  },
  'delivery-stream-prefix': (client, name) => orAbsent(async () => (await describe(client, name)) ?? ABSENT),
  async bucket(client, name) {
    const answer = await client.fetch(`/${name}?location`)
    await answer.arrayBuffer()
    return answer.status === 404 ? ABSENT : answer.status === 200 ? 'there' : `answered with ${answer.status}`
  },
  async 'bucket-tag'(client, name) {
    const answer = await client.fetch(`/${name}?tagging`)
    const text = await answer.text()
    if (answer.status === 404) return text.includes('NoSuchBucket') ? ABSENT : UNTAGGED
    return /<Value>(.*)<\/Value>/.exec(text)?.[1] ?? `answered with ${answer.status}`
  },
}

async function orAbsent(look: () => Promise<string>): Promise<string> {
  return await look().catch((error) => {
    if (error instanceof Refusal && error.message.includes('ResourceNotFound')) return ABSENT
    throw error
  })
}

/** Its prefix; undefined when it is being deleted. */
async function describe(client: AwsClient, DeliveryStreamName: string): Promise<string | undefined> {
  const { DeliveryStreamDescription: found } = await client.call<{
    DeliveryStreamDescription: {
      DeliveryStreamStatus: string
      Destinations: [{ ExtendedS3DestinationDescription: { Prefix?: string } }]
    }
  }>('firehose', 'DescribeDeliveryStream', { DeliveryStreamName })
  if (found.DeliveryStreamStatus === 'DELETING') return undefined
  return found.Destinations[0].ExtendedS3DestinationDescription.Prefix ?? 'none'
}
