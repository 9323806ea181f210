import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as sdk from '@aws-sdk/client-iam'
import { iamService } from '../../src/iam/service.ts'
import { botocoreModel } from './botocore-model.ts'
import { compareWithBotocore } from './compare-with-botocore.ts'
import { compareWithSdk } from './compare-with-sdk.ts'

test("IAM's shapes are those of AWS's newest SDK", () => {
  assert.deepEqual(compareWithSdk(iamService, sdk), [])
})

test("IAM's constraints are those of botocore's model", (context) => {
  const model = botocoreModel('iam')
  if (!model) return context.skip('botocore is not installed')
  assert.deepEqual(compareWithBotocore(iamService, model), [])
})
