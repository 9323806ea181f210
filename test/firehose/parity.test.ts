import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as sdk from '@aws-sdk/client-firehose'
import { firehoseService } from '../../src/firehose/service.ts'
import { botocoreModel } from '../parity/botocore-model.ts'
import { compareWithBotocore, differentlySilent } from '../parity/compare-with-botocore.ts'
import { compareWithSdk } from '../parity/compare-with-sdk.ts'

/** Destinations, sources and states that are refused or never described: nothing inside them is declared. */
const REFUSED =
  /\.(Redshift|Elasticsearch|Amazonopensearchservice|AmazonOpenSearchServerless|Splunk|HttpEndpoint|Snowflake|Iceberg|MSK|Database)(Destination|Source)|\.FailureDescription/

test("Firehose's shapes are those of AWS's newest SDK, but for what is refused", () => {
  assert.deepEqual(
    compareWithSdk(firehoseService, sdk).filter((line) => !REFUSED.test(line)),
    [],
  )
})

test("Firehose's constraints are those of botocore's model", (context) => {
  const model = botocoreModel('firehose')
  if (!model) return context.skip('botocore is not installed')
  assert.deepEqual(
    compareWithBotocore(firehoseService, model).filter((line) => !line.includes('.FileExtension: pattern')),
    [],
  )
  assert.deepEqual(differentlySilent(firehoseService, model), [])
})
