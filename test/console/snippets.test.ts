import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  createDeliveryStreamSnippets,
  createStreamSnippets,
  type DeliveryStreamChoice,
  putRecordSnippets,
} from '../../console/texts/snippets.ts'
import type { RecordPage } from '../../src/api/views.ts'
import { clientEnvironment, fetchSigned } from '../client-access.ts'
import { makeDeliveryRole } from '../delivery-role.ts'
import { noAwsCli, noBoto3 } from '../installed.ts'
import { run } from '../process.ts'
import { startServer } from '../server.ts'

const skip = { 'AWS CLI': await noAwsCli(), boto3: await noBoto3() }
type Client = keyof typeof skip
const CLIENTS = ['AWS CLI', 'boto3'] as const

/** A server, and whoever pastes a snippet into a terminal that knows of it. */
async function startTerminal(t: TestContext) {
  const standpipe = await startServer(t)
  const { PATH, HOME } = process.env
  const env = {
    ...{ PATH, HOME, AWS_CONFIG_FILE: '/dev/null' },
    ...clientEnvironment(standpipe.endpoint),
  }
  const paste = async (client: Client, text: string) => {
    const command = client === 'boto3' ? 'python3' : 'bash'
    const { code, stdout, stderr } = await run(command, ['-c', text], { env })
    assert.equal(code, 0, `${text}\n${stdout}${stderr}`)
  }
  const get = async (path: string) =>
    (await fetchSigned(`${standpipe.endpoint}/_standpipe/api/${path}`)).json()
  const describe = async (operation: string, input: object) => {
    const init = { method: 'POST', body: JSON.stringify(input) }
    return (await fetchSigned(`${standpipe.endpoint}/_standpipe/api/aws/${operation}`, init)).json()
  }
  /** The one that the snippets name. */
  const makeRole = () => makeDeliveryRole(standpipe.endpoint)
  return { paste, get, describe, makeRole }
}

/** By their partition keys. */
const PAYLOADS: readonly [string, string | Uint8Array][] = [
  ["it's", '{"note": "it\'s $HOME `id` \\\\ %s ü €"}\n'],
  ['-dash', '-n'],
  ['https://example.com/a', 'aGVsbG8='],
  ['ü "quoted"', new Uint8Array([0, 1, 0, 255, 10])],
]

for (const client of CLIENTS)
  test(`the ${client} snippets do what the console's forms do`, { skip: skip[client] }, async (t) => {
    const { paste, get, describe, makeRole } = await startTerminal(t)
    await paste(client, createStreamSnippets({ name: 'clicks', shardCount: 2 })[client])
    await paste(client, createStreamSnippets({ name: 'views', shardCount: undefined })[client])
    const summary = async (StreamName: string) =>
      ((await describe('kinesis/DescribeStreamSummary', { StreamName })) as Described)
        .StreamDescriptionSummary
    assert.equal((await summary('clicks')).OpenShardCount, 2)
    assert.equal((await summary('views')).StreamModeDetails.StreamMode, 'ON_DEMAND')

    const choice: DeliveryStreamChoice = {
      ...{ name: 'to-archive', streamArn: (await summary('clicks')).StreamARN, bucket: 'archive' },
      ...{ prefix: "it's/!{timestamp:yyyy}/", errorOutputPrefix: 'errors/!{firehose:error-output-type}/' },
      ...{ newline: true, sizeInMBs: 1, intervalInSeconds: 60, compressionFormat: 'GZIP' },
      ...{ account: '000000000000', region: 'us-east-1' },
    }
    await makeRole()
    await paste(client, createDeliveryStreamSnippets(choice, true)[client])
    const { deliveryStreams, buckets } = (await get('overview')) as {
      deliveryStreams: { name: string; prefix: string; sourceStream: string }[]
      buckets: { name: string }[]
    }
    assert.deepEqual(
      deliveryStreams.map(({ name }) => name),
      ['to-archive'],
    )
    assert.deepEqual(
      [deliveryStreams[0]?.prefix, deliveryStreams[0]?.sourceStream],
      [choice.prefix, 'clicks'],
    )
    assert.deepEqual(
      buckets.map(({ name }) => name),
      ['archive'],
    )

    const puts = PAYLOADS.map(([partitionKey, data]) => ({ partitionKey, data: Buffer.from(data) }))
    const snippets = puts.map(({ partitionKey, data }) =>
      putRecordSnippets({ stream: 'views', partitionKey, data: data.toString('base64') }),
    )
    await paste(client, snippets.map((snippet) => snippet[client]).join('\n'))
    const { records } = (await get('streams/views/records')) as RecordPage
    assert.deepEqual(
      records.map(({ partitionKey, data }) => ({ partitionKey, data: Buffer.from(data, 'base64') })),
      puts,
    )
  })

interface Described {
  readonly StreamDescriptionSummary: {
    readonly StreamARN: string
    readonly OpenShardCount: number
    readonly StreamModeDetails: { readonly StreamMode: string }
  }
}
