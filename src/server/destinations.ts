import { DestinationError } from '../delivery/destination.ts'
import { isEngineError } from '../engine/ports/engine.ts'
import type { ObjectStore } from '../firehose/destinations/object-store.ts'
import type { ChannelDelivery } from '../kinesis/channels/transitions.ts'
import type { Meters } from '../metrics/meters.ts'
import { noTargets, type OutboundRule, parseTargets } from '../remote/outbound.ts'
import { RemoteFailure } from '../remote/remote-failure.ts'
import { createRemoteS3 } from '../remote/remote-s3.ts'
import type { RemoteOptions, S3Target } from '../remote/request.ts'
import { prepareObject, requireDeliverable } from '../s3/delivered-object.ts'
import type { S3 } from '../s3/s3.ts'
import { isAnswer } from '../service/invoke.ts'
import { SETTINGS, type Settings, UsageError } from './config.ts'

/** The other S3 that delivery shall go to; undefined for the embedded one. Throws UsageError. */
export function s3TargetOf({
  s3Endpoint,
  s3Region,
  s3VirtualHost,
  s3AccessKeyId,
  s3SecretAccessKey,
  s3SessionToken,
}: Settings): S3Target | undefined {
  if (s3Endpoint === undefined) return undefined
  if (SETTINGS.s3Endpoint.parse(s3Endpoint) === undefined)
    throw new UsageError(`'${s3Endpoint}' is no URL of an S3`)
  if (s3AccessKeyId === undefined || s3SecretAccessKey === undefined)
    throw new UsageError(
      '--s3-endpoint needs STANDPIPE_S3_ACCESS_KEY_ID and STANDPIPE_S3_SECRET_ACCESS_KEY in the environment',
    )
  return {
    endpoint: s3Endpoint,
    region: s3Region,
    addressing: s3VirtualHost ? 'virtual-host' : 'path',
    credentials: {
      accessKeyId: s3AccessKeyId,
      secretAccessKey: s3SecretAccessKey,
      ...(s3SessionToken !== undefined && { sessionToken: s3SessionToken }),
    },
  }
}

/** Whom this server may call. */
export const outboundRuleOf = (
  { allowTarget }: Pick<Settings, 'allowTarget'>,
  mode: 'open' | 'closed',
): OutboundRule => ({
  isRestricted: mode === 'closed',
  allowed: allowTarget === undefined ? noTargets : parseTargets(allowTarget)!,
})

/** Delivery to another S3. */
export function remoteObjects(options: RemoteOptions & { readonly meters: Meters }): ObjectStore {
  const remote = createRemoteS3(options)
  return {
    async put(object, signal) {
      options.meters.use('s3-put-requests', 1)
      return await remote.put(object, signal).catch(asDestinationError)
    },
    find: (object, signal) => remote.find(object, signal).catch(asDestinationError),
  }
}

function asDestinationError(failure: unknown): never {
  const isUncertain = failure instanceof RemoteFailure && failure.isUncertain
  const message = failure instanceof Error ? failure.message : String(failure)
  // It answers nobody, or that it cannot.
  const isOfSite = failure instanceof RemoteFailure && (failure.status === undefined || failure.status >= 500)
  throw new DestinationError({ code: remoteCodeOf(failure), message, isUncertain, isOfSite, cause: failure })
}

const remoteCodeOf = (failure: unknown): string =>
  failure instanceof RemoteFailure && failure.code !== 'InternalError'
    ? `S3.${failure.code}`
    : 'InternalError'

/** S3's answers that more time may turn into success; all are retried, as Firehose does. */
function localCodeOf(failure: unknown): string {
  if (isAnswer(failure)) return `S3.${failure.code}`
  return isEngineError(failure, 'StorageFull') ? failure.code : 'InternalError'
}

/** Delivery to the S3 in the same process: an object is there with the commit that counts it as delivered. */
export function localObjects(s3: S3): ObjectStore {
  return {
    async put({ body, ...object }) {
      try {
        return await prepareObject(s3, { ...object, body: body() })
      } catch (failure) {
        throw new DestinationError({
          code: localCodeOf(failure),
          message: failure instanceof Error ? failure.message : String(failure),
          isUncertain: !isAnswer(failure),
          isOfSite: isEngineError(failure, 'StorageFull'),
          cause: failure,
        })
      }
    },
  }
}

/** Why a channel cannot deliver to a bucket of that S3. */
export const localObstacle =
  (s3: S3): ChannelDelivery['obstacleOf'] =>
  async (bucket, expectedBucketOwner) => {
    try {
      await requireDeliverable(s3, { bucket, expectedBucketOwner })
      return undefined
    } catch (failure) {
      if (isAnswer(failure)) return `${bucket}: ${failure.message}`
      throw failure
    }
  }
