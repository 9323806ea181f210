import type { TestContext } from 'node:test'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { systemRandom } from '../../src/clock/random.ts'
import { s3ControlService } from '../../src/s3/control/service.ts'
import { s3Service } from '../../src/s3/service.ts'
import { bind } from '../../src/service/invoke.ts'
import { listen } from '../../src/wire/listener.ts'
import { createWire } from '../../src/wire/wire.ts'
import { letEverybodyIn } from '../wire/let-everybody-in.ts'
import { boundS3 } from './bound-s3.ts'

/** S3 alone behind the wire, on a free port, with the bucket `lake`; closed when the test ends. */
export async function serveS3(test: TestContext, options: Parameters<typeof boundS3>[0] = {}) {
  const bound = await boundS3(options)
  const errors: unknown[] = []
  const onError = (error: unknown) => errors.push(error)
  const handle = createWire({
    services: [s3ControlService, s3Service].map((service) =>
      bind(service, bound.s3, () => undefined, options.authority),
    ),
    defaultRegion: 'us-east-1',
    defaultAccount: '123456789012',
    random: systemRandom,
    machineNow: Date.now,
    ownRoutes: async () => undefined,
    guard: letEverybodyIn,
    onError,
  })
  const listener = await listen({ host: '127.0.0.1', port: 0, handle, onError })
  test.after(() => listener.close(0))
  const endpoint = `http://127.0.0.1:${listener.port}`
  const client = (more: S3ClientConfig = {}) => {
    const s3 = new S3Client({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: '123456789012', secretAccessKey: 'secret' },
      forcePathStyle: true,
      ...more,
    })
    test.after(() => s3.destroy())
    return s3
  }
  return { ...bound, endpoint, client, errors }
}
