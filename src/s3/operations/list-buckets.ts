import { inQuery, integer, list, named, string, structure, timestamp } from '../../service/shape.ts'
import { signatureKeysOf } from '../accesses.ts'
import { arnOf, bucketDocument, ownerOf } from '../buckets/bucket.ts'
import { bucketsPrefix } from '../documents.ts'
import { invalidArgument } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { owner } from '../shapes.ts'

const MAX_BUCKETS = 10_000

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const listBuckets = operation({
  name: 'ListBuckets',
  http: { method: 'GET', path: '/', xmlRoot: 'ListAllMyBucketsResult' },
  input: structure({
    MaxBuckets: inQuery('max-buckets', integer()),
    ContinuationToken: inQuery('continuation-token', string()),
    Prefix: inQuery('prefix', string()),
    BucketRegion: inQuery('bucket-region', string()),
  }),
  output: structure({
    Owner: owner,
    Buckets: list(
      named(
        'Bucket',
        structure({
          Name: string(),
          CreationDate: timestamp(),
          BucketRegion: string(),
          BucketArn: string(),
        }),
      ),
    ),
    ContinuationToken: string(),
    Prefix: string(),
  }),
  accesses: (_s3, _input, caller) => [
    {
      action: 's3:ListAllMyBuckets',
      resource: arnOf({ name: '*', region: caller.region }),
      account: caller.account,
      keys: signatureKeysOf(caller),
    },
  ],
  async handle({ metadata }, input, caller) {
    const { MaxBuckets: limit = MAX_BUCKETS, Prefix: prefix = '', BucketRegion: region } = input
    if (limit < 1 || limit > MAX_BUCKETS)
      throw invalidArgument(
        `Argument max-buckets must be an integer between 1 and ${MAX_BUCKETS}`,
        'max-buckets',
        String(limit),
      )
    if (region && region !== caller.region && !isRegion(region))
      throw invalidArgument(`Argument value ${region} is not a valid AWS Region`, 'bucket-region')
    const after = input.ContinuationToken === undefined ? undefined : bucketsPrefix + input.ContinuationToken
    const own = await bucketDocument.listWanted(
      metadata,
      { prefix: bucketsPrefix + prefix, after, limit: limit + 1 },
      ({ value }) => value.account === caller.account && (!region || value.region === region),
    )
    const shown = own.slice(0, limit).map(({ value }) => value)
    const tellsRegions = Object.values(input).some((parameter) => parameter !== undefined)
    return {
      Buckets: shown.map((bucket) => ({
        Name: bucket.name,
        CreationDate: bucket.createdAt,
        BucketRegion: tellsRegions ? bucket.region : undefined,
        BucketArn: arnOf(bucket),
      })),
      Owner: ownerOf(caller),
      ContinuationToken: own.length > limit ? shown.at(-1)?.name : undefined,
      Prefix: input.Prefix,
    }
  },
})

/** Where AWS has S3. https://docs.aws.amazon.com/general/latest/gr/s3.html */
const REGIONS = [
  ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
  ...['ap-south-1', 'ap-south-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4'],
  ...['ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'ca-central-1', 'ca-west-1', 'cn-north-1'],
  ...['cn-northwest-1', 'eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'il-central-1', 'me-central-1', 'me-south-1', 'mx-central-1'],
  ...['sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-1', 'us-west-2'],
]

export const isRegion = (name: string): boolean => REGIONS.includes(name)
