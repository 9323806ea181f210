/** `npm run test:terraform` */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
} from '@aws-sdk/client-firehose'
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis'
import { makeDeliveryRole } from '../delivery-role.ts'
import { clientOf, startServer } from '../server.ts'
import { lacksTerraform, provider, terraformIn } from '../terraform.ts'

const configuration = (endpoint: string, interval: number) => `
${provider(endpoint, ['firehose', 'kinesis', 'sts'])}
locals {
  role   = "arn:aws:iam::000000000000:role/firehose"
  bucket = "arn:aws:s3:::lake"
}
resource "aws_kinesis_firehose_delivery_stream" "direct" {
  name        = "direct"
  destination = "extended_s3"
  tags        = { team = "data" }
  server_side_encryption {
    enabled  = true
    key_type = "AWS_OWNED_CMK"
  }
  extended_s3_configuration {
    role_arn            = local.role
    bucket_arn          = local.bucket
    prefix              = "raw/!{timestamp:yyyy/MM/dd}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/"
    buffering_size      = 10
    buffering_interval  = ${interval}
    compression_format  = "GZIP"
    file_extension      = ".json.gz"
    custom_time_zone    = "Europe/Berlin"
    s3_backup_mode      = "Enabled"
    s3_backup_configuration {
      role_arn           = local.role
      bucket_arn         = local.bucket
      prefix             = "backup/"
      compression_format = "Snappy"
    }
    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = "/aws/kinesisfirehose/direct"
      log_stream_name = "S3Delivery"
    }
    processing_configuration {
      enabled = true
      processors {
        type = "AppendDelimiterToRecord"
        parameters {
          parameter_name  = "Delimiter"
          parameter_value = "\\\\n"
        }
      }
    }
  }
}
resource "aws_kinesis_firehose_delivery_stream" "partitioned" {
  name        = "partitioned"
  destination = "extended_s3"
  kinesis_source_configuration {
    kinesis_stream_arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks"
    role_arn           = local.role
  }
  extended_s3_configuration {
    role_arn            = local.role
    bucket_arn          = local.bucket
    prefix              = "by/!{partitionKeyFromQuery:customer}/"
    error_output_prefix = "errors/!{firehose:error-output-type}/"
    buffering_size      = 64
    buffering_interval  = 60
    dynamic_partitioning_configuration {
      enabled        = true
      retry_duration = 300
    }
    processing_configuration {
      enabled = true
      processors {
        type = "RecordDeAggregation"
        parameters {
          parameter_name  = "SubRecordType"
          parameter_value = "JSON"
        }
      }
      processors {
        type = "MetadataExtraction"
        parameters {
          parameter_name  = "JsonParsingEngine"
          parameter_value = "JQ-1.6"
        }
        parameters {
          parameter_name  = "MetadataExtractionQuery"
          parameter_value = "{customer: .customer}"
        }
      }
    }
  }
}
resource "aws_kinesis_firehose_delivery_stream" "logs" {
  name        = "logs"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = local.role
    bucket_arn = local.bucket
    processing_configuration {
      enabled = true
      processors {
        type = "Decompression"
        parameters {
          parameter_name  = "CompressionFormat"
          parameter_value = "GZIP"
        }
      }
      processors {
        type = "CloudWatchLogProcessing"
        parameters {
          parameter_name  = "DataMessageExtraction"
          parameter_value = "true"
        }
      }
    }
  }
}
`

test('Terraform makes delivery streams of every kind, sees no drift, changes one and removes them', {
  skip: await lacksTerraform(),
}, async (t) => {
  const server = await startServer(t, { clock: 'real' })
  const firehose = clientOf(t, new FirehoseClient(server.clientConfig))
  const kinesis = clientOf(t, new KinesisClient(server.clientConfig))
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }))
  await makeDeliveryRole(server.endpoint)
  await server.clock.advance('2s')
  const { init, apply, seesNoDrift, destroy, configure } = terraformIn(t)
  const describe = async (DeliveryStreamName: string) =>
    (await firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))).DeliveryStreamDescription

  configure(configuration(server.endpoint, 120))
  await init()
  await apply()
  const made = await describe('direct')
  assert.equal(made?.DeliveryStreamEncryptionConfiguration?.Status, 'ENABLED')
  const { Tags } = await firehose.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName: 'direct' }))
  assert.deepEqual(Tags, [{ Key: 'team', Value: 'data' }])
  await seesNoDrift()

  configure(configuration(server.endpoint, 300))
  await apply()
  const changed = await describe('direct')
  assert.equal(changed?.VersionId, '2')
  assert.equal(
    changed?.Destinations?.[0]?.ExtendedS3DestinationDescription?.BufferingHints?.IntervalInSeconds,
    300,
  )
  await seesNoDrift()

  await destroy()
  const { DeliveryStreamNames } = await firehose.send(new ListDeliveryStreamsCommand({}))
  assert.deepEqual(DeliveryStreamNames, [])
})
