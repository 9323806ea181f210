import { bytesOf, textOf } from './payload.ts'

/** The console's steps as text for other clients: what a form does, a script can do. */

/** As a shell reads it, whatever it holds. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

export interface StreamChoice {
  readonly name: string
  /** Undefined: on demand. */
  readonly shardCount: number | undefined
}

export const createStreamSnippets = ({ name, shardCount }: StreamChoice) => ({
  'AWS CLI': `aws kinesis create-stream --stream-name ${shellWord(name)} ${
    shardCount === undefined ? '--stream-mode-details StreamMode=ON_DEMAND' : `--shard-count ${shardCount}`
  }`,
  boto3: [
    'import boto3',
    '',
    'kinesis = boto3.client("kinesis")',
    `kinesis.create_stream(StreamName=${pythonLiteral(name)}, ${
      shardCount === undefined ? 'StreamModeDetails={"StreamMode": "ON_DEMAND"}' : `ShardCount=${shardCount}`
    })`,
  ].join('\n'),
  Environment: 'eval "$(npx standpipe env)"    # AWS_ENDPOINT_URL, region and keys for this terminal',
})

export interface DeliveryStreamChoice {
  readonly name: string
  readonly streamArn: string | undefined
  readonly bucket: string
  readonly prefix: string
  readonly errorOutputPrefix: string
  /** Behind each record. */
  readonly newline: boolean
  readonly sizeInMBs: number
  readonly intervalInSeconds: number
  readonly compressionFormat: string
  readonly account: string
  readonly region: string
}

const NEWLINE_PROCESSOR = {
  Type: 'AppendDelimiterToRecord',
  Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }],
}
const APPEND_NEWLINE = { Enabled: true, Processors: [NEWLINE_PROCESSOR] }

/** To be added to the Processors of a ProcessingConfiguration. */
export const newlineSnippets = () => ({
  AppendDelimiterToRecord: JSON.stringify(NEWLINE_PROCESSOR, undefined, 2),
})

/** CreateDeliveryStream's input. */
export function createDeliveryStreamInput(choice: DeliveryStreamChoice) {
  const { name, streamArn, bucket, prefix, errorOutputPrefix, newline, account } = choice
  const { sizeInMBs, intervalInSeconds, compressionFormat } = choice
  const RoleARN = `arn:aws:iam::${account}:role/firehose`
  return {
    DeliveryStreamName: name,
    DeliveryStreamType: streamArn ? 'KinesisStreamAsSource' : 'DirectPut',
    ...(streamArn && { KinesisStreamSourceConfiguration: { KinesisStreamARN: streamArn, RoleARN } }),
    ExtendedS3DestinationConfiguration: {
      RoleARN,
      BucketARN: `arn:aws:s3:::${bucket}`,
      ...(prefix && { Prefix: prefix }),
      ...(errorOutputPrefix && { ErrorOutputPrefix: errorOutputPrefix }),
      BufferingHints: { SizeInMBs: sizeInMBs, IntervalInSeconds: intervalInSeconds },
      CompressionFormat: compressionFormat,
      ...(newline && { ProcessingConfiguration: APPEND_NEWLINE }),
    },
  }
}

/** With `mustCreateBucket` the bucket comes first, as the form does it. */
export function createDeliveryStreamSnippets(choice: DeliveryStreamChoice, mustCreateBucket: boolean) {
  const input = createDeliveryStreamInput(choice)
  const { bucket, region } = choice
  const place =
    region === 'us-east-1' ? '' : `, CreateBucketConfiguration={"LocationConstraint": "${region}"}`
  return {
    'AWS CLI': [
      ...(mustCreateBucket ? [`aws s3 mb ${shellWord(`s3://${bucket}`)}`] : []),
      `aws firehose create-delivery-stream --cli-input-json ${shellWord(JSON.stringify(input, undefined, 2))}`,
    ].join('\n'),
    boto3: [
      'import boto3',
      '',
      ...(mustCreateBucket
        ? [`boto3.client("s3").create_bucket(Bucket=${pythonLiteral(bucket)}${place})`]
        : []),
      'firehose = boto3.client("firehose")',
      `firehose.create_delivery_stream(**${pythonLiteral(input)})`,
    ].join('\n'),
  }
}

export interface PutChoice {
  readonly stream: string
  readonly partitionKey: string
  /** Base64. */
  readonly data: string
}

export const putRecordSnippets = ({ stream, partitionKey, data }: PutChoice) => ({
  'AWS CLI': `aws kinesis put-record --stream-name ${shellWord(stream)} ${partitionKeyArgument(partitionKey)} --data ${dataArgument(data)}`,
  boto3: [
    'import base64',
    '',
    'import boto3',
    '',
    'kinesis = boto3.client("kinesis")',
    'kinesis.put_record(',
    `    StreamName=${pythonLiteral(stream)},`,
    `    PartitionKey=${pythonLiteral(partitionKey)},`,
    `    Data=base64.b64decode(${pythonLiteral(data)}),`,
    ')',
  ].join('\n'),
})

/** What looks like an option or like the address of a file means that to the AWS CLI, unless it comes in JSON. */
const partitionKeyArgument = (key: string): string =>
  /^-|:\/\//.test(key)
    ? `--cli-input-json ${shellWord(JSON.stringify({ PartitionKey: key }))}`
    : `--partition-key ${shellWord(key)}`

/** As the bytes of a file: given as a word, version 1 of the AWS CLI takes it for text and version 2 for base64. */
function dataArgument(data: string): string {
  const text = textOf(bytesOf(data))
  const command =
    text === undefined ? `printf %s ${shellWord(data)} | base64 -d` : `printf %s ${shellWord(text)}`
  return `fileb://<(${command})`
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** A value as Python writes it, over several lines. */
function pythonLiteral(value: Json, indent = ''): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  // JSON's texts are Python's, too.
  if (typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}    `
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', value.map((item) => pythonLiteral(item, inner))]
    : ['{', '}', Object.entries(value).map(([name, item]) => `"${name}": ${pythonLiteral(item, inner)}`)]
  return items.length === 0
    ? open + close
    : [open, ...items.map((item) => `${inner}${item},`), `${indent}${close}`].join('\n')
}
