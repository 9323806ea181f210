import { boolean, inHeader, long, string, structure, timestamp } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { byCaller } from '../notifications/cause.ts'
import { checkWrite } from '../objects/commit.ts'
import { deleteObjects } from '../objects/delete.ts'
import { checkKey } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import { deletionOutput, objectInput, versionInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject = operation({
  name: 'DeleteObject',
  http: { method: 'DELETE', path: '/{Bucket}/{Key+}', status: 204 },
  input: structure({
    ...objectInput,
    MFA: inHeader('x-amz-mfa', string()),
    ...versionInput,
    BypassGovernanceRetention: inHeader('x-amz-bypass-governance-retention', boolean()),
    IfMatch: inHeader('If-Match', string()),
    IfMatchLastModifiedTime: inHeader(
      'x-amz-if-match-last-modified-time',
      timestamp({ format: 'http-date' }),
    ),
    IfMatchSize: inHeader('x-amz-if-match-size', long()),
  }),
  output: structure(deletionOutput),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    const { Bucket: bucket, Key: key, VersionId: versionId } = input
    checkKey(key)
    const target = { key, versionId }
    const done = await deleteObjects(s3, {
      bucket,
      targets: [target],
      cause: { kind: 'ObjectRemoved', by: byCaller(caller) },
      mayGo(_, current) {
        checkWrite({ ifMatch: input.IfMatch }, key, current)
        return true
      },
    })
    const { versionId: deleted, isMarker } = done.get(target) ?? {}
    return {
      ...(deleted !== undefined && { VersionId: deleted }),
      ...(isMarker && { DeleteMarker: true }),
    }
  },
})
