import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as sdk from '@aws-sdk/client-kinesis'
import { kinesisService } from '../../src/kinesis/service.ts'
import { botocoreModel } from './botocore-model.ts'
import { compareWithBotocore, differentlySilent } from './compare-with-botocore.ts'
import { compareWithSdk } from './compare-with-sdk.ts'

test("Kinesis's shapes are those of AWS's newest SDK", () => {
  assert.deepEqual(compareWithSdk(kinesisService, sdk), [])
})

test("Kinesis's constraints are those of botocore's model", (context) => {
  const model = botocoreModel('kinesis')
  if (!model) return context.skip('botocore is not installed')
  assert.deepEqual(compareWithBotocore(kinesisService, model), [])
  assert.deepEqual(differentlySilent(kinesisService, model), [])
})
