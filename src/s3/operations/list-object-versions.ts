import {
  asOrder,
  boolean,
  inHeader,
  inQuery,
  integer,
  list,
  named,
  string,
  structure,
} from '../../service/shape.ts'
import { type Bucket, ownerOf } from '../buckets/bucket.ts'
import { invalidArgument } from '../exceptions.ts'
import { listedAnswer, MAX_LISTED } from '../listing.ts'
import { mayBeVersion } from '../objects/version-id.ts'
import { operation } from '../s3.ts'
import { bucketInput, commonPrefixes, listedObject, pageOutput } from '../shapes.ts'
import { listVersions } from '../version-listing.ts'

const { Key, ...described } = listedObject.members
/** Versions and delete markers stand in one sequence, each key's newest first. */
const Place = asOrder(integer())

/**
 * In a bucket without versions each object is its own latest version, named `null`.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export const listObjectVersions = operation({
  name: 'ListObjectVersions',
  action: 's3:ListBucketVersions',
  http: { method: 'GET', path: '/{Bucket}', query: ['versions'], xmlRoot: 'ListVersionsResult' },
  input: structure({
    ...bucketInput,
    Delimiter: inQuery('delimiter', string()),
    EncodingType: inQuery('encoding-type', string()),
    KeyMarker: inQuery('key-marker', string()),
    MaxKeys: inQuery('max-keys', integer()),
    Prefix: inQuery('prefix', string()),
    VersionIdMarker: inQuery('version-id-marker', string()),
    RequestPayer: inHeader('x-amz-request-payer', string()),
    OptionalObjectAttributes: inHeader('x-amz-optional-object-attributes', list(string())),
  }),
  output: structure({
    Name: string(),
    Prefix: string(),
    KeyMarker: string(),
    VersionIdMarker: string(),
    NextKeyMarker: string(),
    NextVersionIdMarker: string(),
    ...pageOutput,
    Versions: named(
      'Version',
      list(structure({ Place, Key, VersionId: string(), IsLatest: boolean(), ...described }), {
        flattened: true,
      }),
    ),
    DeleteMarkers: named(
      'DeleteMarker',
      list(
        structure({
          ...{ Place, Key, VersionId: string(), IsLatest: boolean() },
          ...{ LastModified: described.LastModified, Owner: described.Owner },
        }),
        { flattened: true },
      ),
    ),
    CommonPrefixes: commonPrefixes,
  }),
  async handle(s3, input, caller) {
    const { KeyMarker: keyMarker, VersionIdMarker: versionIdMarker } = input
    const page = await listVersions(s3, input, caller, (bucket) =>
      checkVersionIdMarker(bucket, versionIdMarker, keyMarker),
    )
    const { Prefix: prefix, Delimiter: delimiter } = input
    const { bucket, print, versions, commonPrefixes, next } = page
    return {
      IsTruncated: next !== undefined,
      KeyMarker: print(keyMarker ?? ''),
      VersionIdMarker: versionIdMarker ?? '',
      NextKeyMarker: next && print(next.key),
      NextVersionIdMarker: next?.versionId,
      Versions: versions.flatMap(({ name: key, version, isLatest, of }, place) =>
        'marker' in of
          ? []
          : [
              {
                ...listedAnswer({ key, object: of.object }, page, true),
                ...{ Place: place, VersionId: version.id, IsLatest: isLatest },
              },
            ],
      ),
      DeleteMarkers: versions.flatMap(({ name: key, version, isLatest, of }, place) =>
        'marker' in of
          ? [
              {
                ...{ Place: place, Key: print(key), VersionId: version.id, IsLatest: isLatest },
                ...{ LastModified: of.marker.lastModified, Owner: ownerOf(bucket) },
              },
            ]
          : [],
      ),
      Name: input.Bucket,
      Prefix: print(prefix ?? ''),
      Delimiter: delimiter && print(delimiter),
      MaxKeys: input.MaxKeys ?? MAX_LISTED,
      CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: print(prefix) })),
      EncodingType: input.EncodingType,
    }
  },
})

function checkVersionIdMarker(
  bucket: Bucket,
  versionIdMarker: string | undefined,
  keyMarker: string | undefined,
): void {
  if (versionIdMarker === undefined) return
  const refuse = (message: string) => invalidArgument(message, 'version-id-marker', versionIdMarker)
  if (keyMarker === undefined) throw refuse('A version-id marker cannot be specified without a key marker.')
  if (versionIdMarker === '') throw refuse('A version-id marker cannot be empty.')
  if (!mayBeVersion(bucket, versionIdMarker)) throw refuse('Invalid version id specified')
}
