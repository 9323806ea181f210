import { partitionOf } from '../../service/arn.ts'
import { canonicalIdOf } from '../acl/acl-grants.ts'
import type { EventObject, OwedEvent } from './owed-event.ts'

/** What AWS sends, as JSON. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export const messageOf = (event: OwedEvent, sequencer: string): object =>
  event.event === 'TestEvent' ? testMessage(event) : { Records: [recordOf(event, sequencer)] }

const testMessage = ({ at, bucket, by }: OwedEvent) => ({
  ...{ Service: 'Amazon S3', Event: 's3:TestEvent', Time: new Date(at).toISOString() },
  ...{ Bucket: bucket, RequestId: by.requestId, HostId: by.hostId ?? '' },
})

function recordOf({ event, at, by, bucket, ...of }: OwedEvent, sequencer: string) {
  const { key = '', restored, ...object } = of.object ?? {}
  return {
    eventVersion: VERSION_2_3.test(event) ? '2.3' : '2.1',
    eventSource: 'aws:s3',
    awsRegion: of.region,
    eventTime: new Date(at).toISOString(),
    eventName: event,
    userIdentity: { principalId: by.principalId },
    requestParameters: { sourceIPAddress: by.address },
    responseElements: { 'x-amz-request-id': by.requestId, 'x-amz-id-2': by.hostId ?? '' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: of.configurationId,
      bucket: {
        name: bucket,
        ownerIdentity: { principalId: canonicalIdOf(of.account) },
        arn: `arn:${partitionOf(of.region)}:s3:::${bucket}`,
      },
      object: DESCRIBING.test(event)
        ? objectOf(key, { ...object, sizeBytes: undefined }, undefined)
        : objectOf(key, object, sequencer),
    },
    ...(restored && { glacierEventData: { restoreEventData: restoredOf(restored) } }),
  }
}

const VERSION_2_3 = /^(ObjectTagging|ObjectAcl|LifecycleExpiration):/
/** What is only said of an object: AWS tells neither its size nor an order of it. */
const DESCRIBING = /^(ObjectTagging|ObjectAcl):/

/** In AWS's order; what is undefined is not told. */
const objectOf = (
  key: string,
  { sizeBytes, etag, versionId }: Omit<EventObject, 'key' | 'restored'>,
  sequencer: string | undefined,
) => ({ key: encodedKey(key), size: sizeBytes, eTag: etag, versionId, sequencer })

const restoredOf = ({ until, storageClass }: NonNullable<EventObject['restored']>) => ({
  lifecycleRestorationExpiryTime: new Date(until).toISOString(),
  lifecycleRestoreStorageClass: storageClass,
})

/** As forms encode: a space is a `+`; slashes stay. */
export const encodedKey = (key: string): string =>
  encodeURIComponent(key.toWellFormed())
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
