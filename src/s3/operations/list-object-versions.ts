import { boolean, inHeader, inQuery, integer, list, named, string, structure } from '../../service/shape.ts'
import { invalidArgument } from '../exceptions.ts'
import { behindMarker, listedAnswer, listObjects, MAX_LISTED } from '../listing.ts'
import { operation } from '../s3.ts'
import { bucketInput, commonPrefixes, listedObject, pageOutput } from '../shapes.ts'

const { Key, ...described } = listedObject.members

/**
 * Of a bucket without versions: each object is its own latest version, named `null`.
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
      list(structure({ Key, VersionId: string(), IsLatest: boolean(), ...described }), { flattened: true }),
    ),
    CommonPrefixes: commonPrefixes,
  }),
  async handle(s3, input, caller) {
    const { KeyMarker: keyMarker, VersionIdMarker: versionIdMarker } = input
    if (versionIdMarker !== undefined) checkVersionIdMarker(versionIdMarker, keyMarker)
    const { Prefix: prefix, Delimiter: delimiter } = input
    const listing = await listObjects(s3, input, behindMarker(keyMarker ?? '', prefix, delimiter), caller)
    const { entries, commonPrefixes, next, print } = listing
    const lastIsKey = next !== undefined && next === entries.at(-1)?.key
    return {
      IsTruncated: next !== undefined,
      KeyMarker: print(keyMarker ?? ''),
      VersionIdMarker: versionIdMarker ?? '',
      NextKeyMarker: next === undefined ? undefined : print(next),
      NextVersionIdMarker: lastIsKey ? 'null' : undefined,
      Versions: entries.map((entry) => ({
        ...listedAnswer(entry, listing, true),
        VersionId: 'null',
        IsLatest: true,
      })),
      Name: input.Bucket,
      Prefix: print(prefix ?? ''),
      Delimiter: delimiter && print(delimiter),
      MaxKeys: input.MaxKeys ?? MAX_LISTED,
      CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: print(prefix) })),
      EncodingType: input.EncodingType,
    }
  },
})

/** Behind a key's only version comes what comes behind the key. */
function checkVersionIdMarker(versionIdMarker: string, keyMarker: string | undefined): void {
  const refuse = (message: string) => invalidArgument(message, 'version-id-marker', versionIdMarker)
  if (keyMarker === undefined) throw refuse('A version-id marker cannot be specified without a key marker.')
  if (versionIdMarker === '') throw refuse('A version-id marker cannot be empty.')
  if (versionIdMarker !== 'null') throw refuse('Invalid version id specified')
}
