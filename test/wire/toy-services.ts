import { s3Dialect } from '../../src/s3/dialect/s3-dialect.ts'
import { ServiceException } from '../../src/service/exception.ts'
import { operationOf, service } from '../../src/service/operation.ts'
import {
  asPayload,
  asStatus,
  blob,
  boolean,
  inHeader,
  inHeaderPrefix,
  inQuery,
  integer,
  inUri,
  list,
  long,
  map,
  named,
  required,
  stream,
  string,
  structure,
  timestamp,
} from '../../src/service/shape.ts'

/** What the toys' handlers were given, for the tests to look at. */
export interface Seen {
  readonly inputs: Record<string, unknown>[]
}

const jsonOperation = operationOf<Seen>()

const putRecord = jsonOperation({
  name: 'PutRecord',
  input: structure({
    StreamName: string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' }),
    Data: required(blob()),
    PartitionKey: required(string({ min: 1 })),
    Count: integer(),
    Flag: boolean(),
    Names: list(string()),
    Tags: map(string(), string()),
    At: timestamp(),
    Mode: structure({ StreamMode: string() }),
  }),
  output: structure({ ShardId: string(), SequenceNumber: string(), At: timestamp(), Data: blob() }),
  async handle({ inputs }, input, { account, region }) {
    // Blobs are ours no longer than until we have answered.
    inputs.push({ ...input, ...('Data' in input && { Data: Buffer.from(input.Data as Uint8Array) }) })
    if (input.StreamName === 'broken') throw new Error('the toy is broken')
    if (input.StreamName === 'missing') throw new ServiceException('ResourceNotFoundException', 'Not found.')
    const output = { ShardId: `${account}/${region}`, SequenceNumber: '1', At: input.At, Data: input.Data }
    return { ...output, Secret: 'never to be seen' }
  },
})

const listStreams = jsonOperation({
  name: 'ListStreams',
  input: structure({ Limit: integer() }),
  output: structure({ StreamNames: required(list(required(string()))), HasMoreStreams: required(boolean()) }),
  async handle(_seen, { Limit = 1 }) {
    return {
      StreamNames: Array.from({ length: Limit }, (_, index) => `stream-${index}`),
      HasMoreStreams: false,
    }
  },
})

export const toyKinesis = service<Seen>({
  id: 'Kinesis',
  signingName: 'kinesis',
  targetPrefix: 'Kinesis_20131202',
  validation: 'coral',
  operations: [putRecord, listStreams],
  unsupported: ['SplitShard'],
})

const restOperation = operationOf<Seen>()
const key = { Bucket: required(inUri('Bucket', string())), Key: required(inUri('Key', string())) }

const putObject = restOperation({
  name: 'PutObject',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}' },
  input: structure({
    ...key,
    Body: asPayload(stream()),
    ContentLength: inHeader('Content-Length', long()),
    ContentEncoding: inHeader('Content-Encoding', string()),
    Metadata: inHeaderPrefix('x-amz-meta-', map(string(), string())),
  }),
  output: structure({ ETag: inHeader('ETag', string()) }),
  async handle({ inputs }, input) {
    if (input.Bucket === 'missing') throw new ServiceException('NoSuchBucket', 'No such bucket.', 404)
    const chunks: Uint8Array[] = []
    for await (const chunk of input.Body ?? []) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    inputs.push({ ...input, Body: body, trailers: Object.fromEntries(input.Body?.trailers ?? []) })
    return { ETag: `"${body.length}"` }
  },
})

const copyObject = restOperation({
  name: 'CopyObject',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}', header: 'x-amz-copy-source' },
  input: structure({ ...key, CopySource: required(inHeader('x-amz-copy-source', string())) }),
  output: structure({ CopyObjectResult: asPayload(structure({ LastModified: timestamp() })) }),
  async handle({ inputs }, input) {
    inputs.push({ operation: 'CopyObject', ...input })
    return { CopyObjectResult: { LastModified: Date.UTC(2026, 0, 2, 3, 4, 5, 678) } }
  },
})

const getObject = restOperation({
  name: 'GetObject',
  http: { method: 'GET', path: '/{Bucket}/{Key+}' },
  input: structure({
    ...key,
    Range: inHeader('Range', string()),
    IfModifiedSince: inHeader('If-Modified-Since', timestamp()),
    PartNumber: inQuery('partNumber', integer()),
  }),
  output: structure({
    Body: asPayload(stream()),
    ContentLength: inHeader('Content-Length', long()),
    LastModified: inHeader('Last-Modified', timestamp()),
    Metadata: inHeaderPrefix('x-amz-meta-', map(string(), string())),
    StatusCode: asStatus(integer()),
  }),
  async handle({ inputs }, input) {
    inputs.push(input)
    if (input.Bucket === 'missing')
      throw new ServiceException('NoSuchBucket', 'No <such> bucket.', 404, { BucketName: 'missing' })
    async function* body() {
      yield Buffer.from('hello ')
      if (input.Key === 'breaks') throw new Error('the disk is gone')
      yield Buffer.from('world')
    }
    return {
      Body: body(),
      ContentLength: 11,
      LastModified: Date.UTC(2026, 0, 2, 3, 4, 5),
      Metadata: { Owner: 'Zoë 水' },
      StatusCode: input.Range ? 206 : 200,
    }
  },
})

const headObject = restOperation({
  name: 'HeadObject',
  http: { method: 'HEAD', path: '/{Bucket}/{Key+}' },
  input: structure({ ...key }),
  output: structure({ ContentLength: inHeader('Content-Length', long()) }),
  async handle(_seen, { Bucket }) {
    if (Bucket === 'missing') throw new ServiceException('NoSuchBucket', 'No such bucket.', 404)
    return { ContentLength: 11 }
  },
})

const deleteObject = restOperation({
  name: 'DeleteObject',
  http: { method: 'DELETE', path: '/{Bucket}/{Key+}', status: 204 },
  input: structure({ ...key }),
  output: structure({}),
  async handle() {
    return {}
  },
})

const createMultipartUpload = restOperation({
  name: 'CreateMultipartUpload',
  http: {
    method: 'POST',
    path: '/{Bucket}/{Key+}',
    query: ['uploads'],
    xmlRoot: 'InitiateMultipartUploadResult',
  },
  input: structure({ ...key }),
  output: structure({ Bucket: string(), Key: string(), UploadId: string() }),
  async handle(_seen, { Bucket, Key }) {
    return { Bucket, Key, UploadId: 'u1' }
  },
})

const listObjectsV2 = restOperation({
  name: 'ListObjectsV2',
  http: { method: 'GET', path: '/{Bucket}', query: ['list-type=2'], xmlRoot: 'ListBucketResult' },
  input: structure({
    Bucket: required(inUri('Bucket', string())),
    Prefix: inQuery('prefix', string()),
    MaxKeys: inQuery('max-keys', integer()),
    FetchOwner: inQuery('fetch-owner', boolean()),
  }),
  output: structure({
    Name: string(),
    Contents: list(structure({ Key: string(), Size: long(), LastModified: timestamp() }), {
      flattened: true,
    }),
    Wrapped: list(named('Item', string())),
  }),
  async handle({ inputs }, input) {
    inputs.push(input)
    return {
      Name: input.Bucket,
      Contents: [
        { Key: 'a&b', Size: 1, LastModified: 0 },
        { Key: 'tab\u0001', Size: 2, LastModified: 1_000 },
      ],
      Wrapped: ['x', 'y'],
    }
  },
})

const listObjects = restOperation({
  name: 'ListObjects',
  http: { method: 'GET', path: '/{Bucket}', xmlRoot: 'ListBucketResult' },
  input: structure({ Bucket: required(inUri('Bucket', string())) }),
  output: structure({ Name: string() }),
  async handle(_seen, { Bucket }) {
    return { Name: `v1 of ${Bucket}` }
  },
})

const getBucketLocation = restOperation({
  name: 'GetBucketLocation',
  http: { method: 'GET', path: '/{Bucket}', query: ['location'], xmlRoot: 'LocationConstraint' },
  input: structure({ Bucket: required(inUri('Bucket', string())) }),
  output: structure({ LocationConstraint: asPayload(string()) }),
  async handle(_seen, _input, { region }) {
    return { LocationConstraint: region }
  },
})

const deleteObjects = restOperation({
  name: 'DeleteObjects',
  http: { method: 'POST', path: '/{Bucket}', query: ['delete'], xmlRoot: 'DeleteResult' },
  input: structure({
    Bucket: required(inUri('Bucket', string())),
    Delete: asPayload(
      structure({
        Objects: named('Object', list(structure({ Key: string(), Size: long() }), { flattened: true })),
        Quiet: boolean(),
      }),
    ),
  }),
  output: structure({ Deleted: list(structure({ Key: string() }), { flattened: true }) }),
  async handle({ inputs }, input) {
    inputs.push(input)
    return { Deleted: (input.Delete?.Objects ?? []).map(({ Key }) => ({ Key })) }
  },
})

const listBuckets = restOperation({
  name: 'ListBuckets',
  http: { method: 'GET', path: '/', xmlRoot: 'ListAllMyBucketsResult' },
  input: structure({}),
  output: structure({ Owner: structure({ ID: string() }) }),
  async handle(_seen, _input, { account }) {
    return { Owner: { ID: account } }
  },
})

export const toyS3 = service<Seen>({
  id: 'S3',
  signingName: 's3',
  xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  dialect: s3Dialect,
  validation: 'none',
  operations: [
    listBuckets,
    listObjects,
    listObjectsV2,
    getBucketLocation,
    deleteObjects,
    putObject,
    copyObject,
    getObject,
    headObject,
    deleteObject,
    createMultipartUpload,
  ],
  unsupported: ['GetBucketAcl', 'PutObjectLockConfiguration'],
})
