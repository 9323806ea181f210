/** The console's steps as text for other clients: what a form does, a script can do. */

/** As a shell reads it, whatever it holds. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

const pythonText = (value: string): string => JSON.stringify(value)

export const createStreamSnippets = (name: string, shardCount: number) => ({
  'AWS CLI': `aws kinesis create-stream --stream-name ${shellWord(name)} --shard-count ${shardCount}`,
  boto3: [
    'import boto3',
    '',
    'kinesis = boto3.client("kinesis")',
    `kinesis.create_stream(StreamName=${pythonText(name)}, ShardCount=${shardCount})`,
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
}

const APPEND_NEWLINE = {
  Enabled: true,
  Processors: [
    {
      Type: 'AppendDelimiterToRecord',
      Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }],
    },
  ],
}

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

export function createDeliveryStreamSnippets(choice: DeliveryStreamChoice) {
  const input = createDeliveryStreamInput(choice)
  const text = JSON.stringify(input, undefined, 2)
  return {
    'AWS CLI': `aws firehose create-delivery-stream --cli-input-json ${shellWord(text)}`,
    boto3: [
      'import boto3',
      '',
      'firehose = boto3.client("firehose")',
      `firehose.create_delivery_stream(**${text})`,
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
  'AWS CLI': `aws kinesis put-record --stream-name ${shellWord(stream)} --partition-key ${shellWord(partitionKey)} --data ${data}`,
  boto3: [
    'import base64',
    '',
    'import boto3',
    '',
    'kinesis = boto3.client("kinesis")',
    'kinesis.put_record(',
    `    StreamName=${pythonText(stream)},`,
    `    PartitionKey=${pythonText(partitionKey)},`,
    `    Data=base64.b64decode(${pythonText(data)}),`,
    ')',
  ].join('\n'),
})
