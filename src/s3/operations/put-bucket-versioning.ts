import { asPayload, inHeader, named, required, string, structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { malformedXml, notImplementedFeature, versioningStatusMissing } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/**
 * MFA delete is refused by name: there is no device to ask.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
 */
export const putBucketVersioning = operation({
  name: 'PutBucketVersioning',
  http: { method: 'PUT', path: '/{Bucket}', query: ['versioning'] },
  input: structure({
    ...bucketInput,
    ContentMD5: inHeader('Content-MD5', string()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    MFA: inHeader('x-amz-mfa', string()),
    VersioningConfiguration: asPayload(
      named(
        'VersioningConfiguration',
        required(structure({ MFADelete: named('MfaDelete', string()), Status: string() })),
      ),
    ),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    const { Status: status, MFADelete: mfaDelete } = input.VersioningConfiguration ?? {}
    await updateBucket(s3, input, caller, (bucket) => {
      if (mfaDelete !== undefined && mfaDelete !== 'Disabled')
        throw mfaDelete === 'Enabled' ? notImplementedFeature('MFA delete') : malformedXml()
      if (status === undefined) throw versioningStatusMissing()
      if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml()
      return { ...bucket, versioning: status }
    })
    return {}
  },
})
