import type { Settings } from '../../server/config.ts'
import { credentialsOf, endpointOf } from '../client/own-api.ts'
import { CommandFailure } from '../command.ts'

/** AWS's SDK for JavaScript, installed beside Standpipe by whoever wants to run the lab. */
export async function loadSdk() {
  try {
    const [kinesis, firehose, s3] = await Promise.all([
      import('@aws-sdk/client-kinesis'),
      import('@aws-sdk/client-firehose'),
      import('@aws-sdk/client-s3'),
    ])
    return { kinesis, firehose, s3 }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new CommandFailure(
      'the AWS SDK is missing: npm install @aws-sdk/client-kinesis @aws-sdk/client-firehose @aws-sdk/client-s3',
    )
  }
}
type Sdk = Awaited<ReturnType<typeof loadSdk>>

/** One client of each service, as an application would make them. */
export function clientsOf({ kinesis, firehose, s3 }: Sdk, settings: Settings) {
  const config = {
    endpoint: endpointOf(settings),
    region: settings.region,
    credentials: credentialsOf(settings),
    forcePathStyle: true,
  }
  const clients = {
    kinesis: new kinesis.Kinesis(config),
    firehose: new firehose.Firehose(config),
    s3: new s3.S3(config),
  }
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}
export type Clients = ReturnType<typeof clientsOf>
