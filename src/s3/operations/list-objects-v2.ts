import { boolean, inHeader, inQuery, integer, list, string, structure } from '../../service/shape.ts'
import { textInBase64Url, tokenOf } from '../../service/token.ts'
import { invalidArgument } from '../exceptions.ts'
import { listedAnswer, listObjects } from '../listing.ts'
import { operation } from '../s3.ts'
import { bucketInput, commonPrefixes, listedObject, pageOutput, regionOutput } from '../shapes.ts'

/** Where a listing goes on: the last key or common prefix that was shown. Needs no memory of the first page. */
const token = tokenOf(string({ min: 1 }), textInBase64Url)

const formatToken = token.format

function parseToken(text: string): string {
  const last = token.parse(text)
  if (last === undefined)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', text)
  return last
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2 = operation({
  name: 'ListObjectsV2',
  action: 's3:ListBucket',
  http: { method: 'GET', path: '/{Bucket}', query: ['list-type=2'], xmlRoot: 'ListBucketResult' },
  input: structure({
    ...bucketInput,
    Delimiter: inQuery('delimiter', string()),
    EncodingType: inQuery('encoding-type', string()),
    MaxKeys: inQuery('max-keys', integer()),
    Prefix: inQuery('prefix', string()),
    ContinuationToken: inQuery('continuation-token', string()),
    FetchOwner: inQuery('fetch-owner', boolean()),
    StartAfter: inQuery('start-after', string()),
    RequestPayer: inHeader('x-amz-request-payer', string()),
    OptionalObjectAttributes: inHeader('x-amz-optional-object-attributes', list(string())),
  }),
  output: structure({
    ...regionOutput,
    Name: string(),
    Prefix: string(),
    StartAfter: string(),
    ContinuationToken: string(),
    NextContinuationToken: string(),
    KeyCount: integer(),
    ...pageOutput,
    Contents: list(listedObject, { flattened: true }),
    CommonPrefixes: commonPrefixes,
  }),
  async handle(s3, input, caller) {
    const { ContinuationToken: token } = input
    const startAfter = token === undefined ? input.StartAfter : undefined
    const after = token === undefined ? startAfter : parseToken(token)
    const listing = await listObjects(s3, input, after, caller)
    const { entries, commonPrefixes, next, maxKeys, print } = listing
    return {
      BucketRegion: listing.bucket.region,
      IsTruncated: next !== undefined,
      Contents: entries.map((entry) => listedAnswer(entry, listing, input.FetchOwner === true)),
      Name: input.Bucket,
      Prefix: print(input.Prefix ?? ''),
      Delimiter: input.Delimiter ? print(input.Delimiter) : undefined,
      MaxKeys: maxKeys,
      CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: print(prefix) })),
      EncodingType: input.EncodingType,
      KeyCount: entries.length + commonPrefixes.length,
      ContinuationToken: token,
      NextContinuationToken: next === undefined ? undefined : formatToken(next),
      StartAfter: startAfter === undefined ? undefined : print(startAfter),
    }
  },
})
