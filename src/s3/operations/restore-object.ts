import {
  asPayload,
  asStatus,
  inHeader,
  integer,
  named,
  oneOf,
  required,
  string,
  structure,
} from '../../service/shape.ts'
import { canonicalIdOf } from '../acl/acl-grants.ts'
import { notRestorable } from '../archive/archive-exceptions.ts'
import { isArchive, restoreAnswer, restoredFor } from '../archive/archived.ts'
import type { Bucket } from '../buckets/bucket.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { invalidArgument, malformedXml, notImplementedFeature } from '../exceptions.ts'
import { byCaller, byService, type Doer } from '../notifications/cause.ts'
import type { EventName } from '../notifications/event-names.ts'
import { redescribe } from '../objects/redescribe.ts'
import type { StoredObject } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import { checksumAlgorithm, objectInput, versionInput } from '../shapes.ts'

const TIERS = ['Standard', 'Bulk', 'Expedited'] as const
const tier = oneOf(...TIERS)

const restoreRequest = structure({
  Days: integer(),
  GlacierJobParameters: structure({ Tier: required(tier) }),
  Type: oneOf('SELECT'),
  Tier: tier,
  Description: string(),
})

/**
 * Makes an archived object readable for some days, at once: a restore of AWS's takes minutes to days. Again, it sets the
 * days anew.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
export const restoreObject = operation({
  name: 'RestoreObject',
  http: { method: 'POST', path: '/{Bucket}/{Key+}', query: ['restore'] },
  input: structure({
    ...objectInput,
    ...versionInput,
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    RestoreRequest: asPayload(named('RestoreRequest', restoreRequest)),
  }),
  output: structure({
    RequestCharged: inHeader('x-amz-request-charged', string()),
    RestoreOutputPath: inHeader('x-amz-restore-output-path', string()),
    /** 202, or 200 where it was restored already. */
    StatusCode: asStatus(integer()),
  }),
  async handle(s3, input, caller) {
    const findHome = () => requireBucket(s3, input, caller)
    await findHome()
    const { Days: days, Type: type, Tier: ownTier, GlacierJobParameters: job } = input.RestoreRequest ?? {}
    if (type === 'SELECT') throw notImplementedFeature('RestoreObject of the type SELECT')
    if (days === undefined || type !== undefined) throw malformedXml()
    if (days < 1) throw invalidArgument('restoration days should be at least 1', 'Days', String(days))
    const chosen = job?.Tier ?? ownTier ?? 'Standard'
    if (!TIERS.includes(chosen)) throw malformedXml()
    let wasRestored = false
    const asked = {
      ...{ key: input.Key, versionId: input.VersionId, method: 'POST' },
      causesIn: (home: Bucket) => [
        { event: 'ObjectRestore:Post', by: byCaller(caller) } as const,
        { event: 'ObjectRestore:Completed', by: byRestore(home, s3.newId) } as const,
      ],
      told: restoredOf,
    }
    await redescribe(s3, findHome, asked, (object) => {
      if (!isArchive(object.storageClass)) throw notRestorable(object.storageClass)
      if (chosen === 'Expedited' && object.storageClass === 'DEEP_ARCHIVE')
        throw invalidArgument('Expedited retrievals are not for DEEP_ARCHIVE', 'Tier', chosen)
      const now = s3.clock.now()
      wasRestored = restoreAnswer(object, now).Restore !== undefined
      return { ...object, restoredUntil: restoredFor(days, now) }
    })
    return { StatusCode: wasRestored ? 200 : 202 }
  },
})

/** As AWS names who has done it. */
const byRestore = (home: Bucket, newId: () => string): Doer => ({
  ...byService('s3.amazonaws.com', newId),
  principalId: `AmazonCustomer:${canonicalIdOf(home.account)}`,
})

const restoredOf = (event: EventName, { restoredUntil: until, storageClass }: StoredObject) =>
  event === 'ObjectRestore:Completed' && until !== undefined ? { restored: { until, storageClass } } : {}
