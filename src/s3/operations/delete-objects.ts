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
import { malformedXml, noSuchVersion } from '../exceptions.ts'
import { type CurrentObject, checkWrite, deleteObjects as deleteKeys } from '../objects/commit.ts'
import { checkKey } from '../objects/stored-object.ts'
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
    Deleted: list(structure({ Key: string() }), { flattened: true }),
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
    const refused = new Map<string, { VersionId?: string | undefined; Code: string; Message: string }>()
    const byKey = new Map(objects.map((object) => [object.Key, object]))
    const mayGo = (key: string, current: CurrentObject) => {
      const { VersionId, ETag, LastModifiedTime, Size } = byKey.get(key)!
      try {
        if (VersionId !== undefined && VersionId !== 'null') throw noSuchVersion()
        refuseUnsupported({ IfMatchLastModifiedTime: LastModifiedTime, IfMatchSize: Size })
        checkWrite({ ifMatch: ETag }, key, current)
        refused.delete(key)
        return true
      } catch (failure) {
        if (!isAnswer(failure)) throw failure
        refused.set(key, { VersionId, Code: failure.code, Message: failure.message })
        return false
      }
    }
    for (const key of byKey.keys()) checkKey(key)
    const denials = await denialsOf(s3, input.Bucket, objects, caller)
    const allowed = [...byKey.keys()].filter((key) => !denials.has(key))
    for (const [key, { code, message }] of denials)
      refused.set(key, { VersionId: byKey.get(key)?.VersionId, Code: code, Message: message })
    await deleteKeys(s3, input.Bucket, allowed, mayGo)
    const deleted = [...byKey.keys()].filter((key) => !refused.has(key))
    return {
      Deleted: isQuiet ? [] : deleted.map((Key) => ({ Key })),
      Errors: [...refused].map(([Key, error]) => ({ Key, ...error })),
    }
  },
})

interface Named {
  readonly Key: string
  readonly VersionId?: string | undefined
}

/** What stands in the way of the caller's deleting, by key. */
async function denialsOf(
  s3: S3,
  bucket: string,
  objects: readonly Named[],
  caller: Caller,
): Promise<ReadonlyMap<string, ServiceException>> {
  const denials = new Map<string, ServiceException>()
  if (!caller.judge) return denials
  for (const { Key: key, VersionId: versionId } of objects) {
    const target = { action: 's3:DeleteObject', bucket, key, versionId, keys: { 's3:VersionId': versionId } }
    const denial = await caller.judge(await accessTo(s3, caller, target))
    if (denial) denials.set(key, denied(denial))
  }
  return denials
}
