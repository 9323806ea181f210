import type { ServiceException } from '../../service/exception.ts'
import { isAnswer } from '../../service/invoke.ts'
import type { Caller } from '../../service/operation.ts'
import {
  asPayload,
  boolean,
  inHeader,
  list,
  long,
  named,
  required,
  string,
  structure,
  timestamp,
} from '../../service/shape.ts'
import { accessTo, denied } from '../accesses.ts'
import { refuseUnsupported } from '../admission.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { malformedXml } from '../exceptions.ts'
import { byCaller } from '../notifications/cause.ts'
import { checkWrite } from '../objects/commit.ts'
import { nameOf } from '../objects/damage.ts'
import { deleteObjects as deleteTargets, type Target } from '../objects/delete.ts'
import { checkKey } from '../objects/stored-object.ts'
import { mayBeVersion } from '../objects/version-id.ts'
import { noSuchVersion } from '../objects/versions/version-exceptions.ts'
import { operation, type S3 } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

const MAX_KEYS = 1000

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const deleteObjects = operation({
  name: 'DeleteObjects',
  http: { method: 'POST', path: '/{Bucket}', query: ['delete'], xmlRoot: 'DeleteResult' },
  input: structure({
    ...bucketInput,
    Delete: asPayload(
      named(
        'Delete',
        required(
          structure({
            Objects: named(
              'Object',
              required(
                list(
                  structure({
                    Key: required(string()),
                    VersionId: string(),
                    ETag: string(),
                    LastModifiedTime: timestamp({ format: 'http-date' }),
                    Size: long(),
                  }),
                  { flattened: true },
                ),
              ),
            ),
            Quiet: boolean(),
          }),
        ),
      ),
    ),
    MFA: inHeader('x-amz-mfa', string()),
    RequestPayer: inHeader('x-amz-request-payer', string()),
    BypassGovernanceRetention: inHeader('x-amz-bypass-governance-retention', boolean()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
  }),
  output: structure({
    Deleted: list(
      structure({
        Key: string(),
        VersionId: string(),
        DeleteMarker: boolean(),
        DeleteMarkerVersionId: string(),
      }),
      { flattened: true },
    ),
    Errors: named(
      'Error',
      list(structure({ Key: string(), VersionId: string(), Code: string(), Message: string() }), {
        flattened: true,
      }),
    ),
  }),
  /** Each key is judged by itself. */
  accesses: () => [],
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    const { Objects: objects = [], Quiet: isQuiet = false } = input.Delete ?? {}
    if (objects.length === 0 || objects.length > MAX_KEYS || objects.some(({ Key }) => !Key))
      throw malformedXml()
    const targets = [
      ...new Map(objects.map((named) => [nameOf(named.Key, named.VersionId), named])).values(),
    ].map((named) => ({ ...named, key: named.Key, versionId: named.VersionId }))
    for (const { key } of targets) checkKey(key)
    const denials = await denialsOf(s3, input.Bucket, targets, caller)
    const refused = new Map<Target, ServiceException>(denials)
    const done = await deleteTargets(s3, {
      bucket: input.Bucket,
      targets: targets.filter((target) => !denials.has(target)),
      cause: { kind: 'ObjectRemoved', by: byCaller(caller) },
      mayGo(target, current, state) {
        const { key, versionId, ETag, LastModifiedTime, Size } = target
        try {
          if (!mayBeVersion(state?.home.value ?? {}, versionId)) throw noSuchVersion(key, versionId!)
          refuseUnsupported({ IfMatchLastModifiedTime: LastModifiedTime, IfMatchSize: Size })
          checkWrite({ ifMatch: ETag }, key, current)
          refused.delete(target)
          return true
        } catch (failure) {
          if (!isAnswer(failure)) throw failure
          refused.set(target, failure)
          return false
        }
      },
    })
    return {
      Deleted: isQuiet
        ? []
        : [...done].map(([{ key, versionId }, deletion]) => ({
            Key: key,
            ...(versionId !== undefined && deletion.versionId !== undefined && { VersionId: versionId }),
            ...(deletion.isMarker && { DeleteMarker: true, DeleteMarkerVersionId: deletion.versionId }),
          })),
      Errors: [...refused].map(([{ key, versionId }, { code, message }]) => ({
        ...{ Key: key, VersionId: versionId, Code: code, Message: message },
      })),
    }
  },
})

/** What stands in the way of the caller's deleting. */
async function denialsOf<T extends Target>(
  s3: S3,
  bucket: string,
  targets: readonly T[],
  caller: Caller,
): Promise<ReadonlyMap<T, ServiceException>> {
  const denials = new Map<T, ServiceException>()
  if (!caller.judge) return denials
  for (const each of targets) {
    const { key, versionId } = each
    const target = { action: 's3:DeleteObject', bucket, key, versionId, keys: { 's3:VersionId': versionId } }
    const denial = await caller.judge(await accessTo(s3, caller, target))
    if (denial) denials.set(each, denied(denial))
  }
  return denials
}
