import { inHeader, inQuery, integer, list, string, structure } from '../../service/shape.ts'
import { behindMarker, listedAnswer, listObjects as listPageOf } from '../listing.ts'
import { operation } from '../s3.ts'
import { bucketInput, commonPrefixes, listedObject, pageOutput, regionOutput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export const listObjects = operation({
  name: 'ListObjects',
  action: 's3:ListBucket',
  http: { method: 'GET', path: '/{Bucket}', xmlRoot: 'ListBucketResult' },
  input: structure({
    ...bucketInput,
    Delimiter: inQuery('delimiter', string()),
    EncodingType: inQuery('encoding-type', string()),
    Marker: inQuery('marker', string()),
    MaxKeys: inQuery('max-keys', integer()),
    Prefix: inQuery('prefix', string()),
    RequestPayer: inHeader('x-amz-request-payer', string()),
    OptionalObjectAttributes: inHeader('x-amz-optional-object-attributes', list(string())),
  }),
  output: structure({
    ...regionOutput,
    Name: string(),
    Prefix: string(),
    Marker: string(),
    NextMarker: string(),
    ...pageOutput,
    Contents: list(listedObject, { flattened: true }),
    CommonPrefixes: commonPrefixes,
  }),
  async handle(s3, input, caller) {
    const { Marker: marker = '', Prefix: prefix, Delimiter: delimiter } = input
    const listing = await listPageOf(s3, input, behindMarker(marker, prefix, delimiter), caller)
    const { entries, commonPrefixes, next, maxKeys, print } = listing
    return {
      BucketRegion: listing.bucket.region,
      IsTruncated: next !== undefined,
      Marker: print(marker),
      /** Without a delimiter the last key is the marker, and AWS does not repeat it. */
      NextMarker: next === undefined || !delimiter ? undefined : print(next),
      Contents: entries.map((entry) => listedAnswer(entry, listing, true)),
      Name: input.Bucket,
      Prefix: print(prefix ?? ''),
      Delimiter: delimiter ? print(delimiter) : undefined,
      MaxKeys: maxKeys,
      CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: print(prefix) })),
      EncodingType: input.EncodingType,
    }
  },
})
