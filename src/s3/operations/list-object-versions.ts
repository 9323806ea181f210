import { boolean, inHeader, inQuery, integer, list, named, string, structure } from '../../service/shape.ts'
import { invalidArgument } from '../exceptions.ts'
import { listedAnswer, listObjects } from '../object-listing.ts'
import { bucketInput, commonPrefixes, listedObject } from '../object-members.ts'
import { operation } from '../s3-operation.ts'

/**
 * Of a bucket without versions: each object is its own latest version, named `null`.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export const listObjectVersions = operation({
  name: 'ListObjectVersions',
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
    IsTruncated: boolean(),
    KeyMarker: string(),
    VersionIdMarker: string(),
    NextKeyMarker: string(),
    NextVersionIdMarker: string(),
    Versions: named(
      'Version',
      list(structure({ ...listedObject.members, VersionId: string(), IsLatest: boolean() }), {
        flattened: true,
      }),
    ),
    Name: string(),
    Prefix: string(),
    Delimiter: string(),
    MaxKeys: integer(),
    CommonPrefixes: commonPrefixes,
    EncodingType: string(),
  }),
  async handle(s3, input, caller) {
    if (input.VersionIdMarker && !input.KeyMarker)
      throw invalidArgument(
        'A version-id marker cannot be specified without a key marker.',
        'version-id-marker',
        input.VersionIdMarker,
      )
    const listing = await listObjects(s3, input, input.KeyMarker || undefined, caller)
    const { entries, commonPrefixes, next, maxKeys, print } = listing
    const lastIsKey = next !== undefined && next === entries.at(-1)?.key
    return {
      IsTruncated: next !== undefined,
      KeyMarker: print(input.KeyMarker ?? ''),
      VersionIdMarker: input.VersionIdMarker ?? '',
      NextKeyMarker: next === undefined ? undefined : print(next),
      NextVersionIdMarker: lastIsKey ? 'null' : undefined,
      Versions: entries.map((entry) => ({
        ...listedAnswer(entry, listing, true),
        VersionId: 'null',
        IsLatest: true,
      })),
      Name: input.Bucket,
      Prefix: print(input.Prefix ?? ''),
      Delimiter: input.Delimiter && print(input.Delimiter),
      MaxKeys: maxKeys,
      CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: print(prefix) })),
      EncodingType: input.EncodingType,
    }
  },
})
