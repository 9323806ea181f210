import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as sdk from '@aws-sdk/client-sts'
import { stsService } from '../../src/sts/service.ts'
import { botocoreModel } from './botocore-model.ts'
import { compareWithBotocore } from './compare-with-botocore.ts'
import { compareWithSdk } from './compare-with-sdk.ts'

test("STS's shapes are those of AWS's newest SDK", () => {
  assert.deepEqual(compareWithSdk(stsService, sdk), [])
})

test("STS's constraints are those of botocore's model", (context) => {
  const model = botocoreModel('sts')
  if (!model) return context.skip('botocore is not installed')
  assert.deepEqual(compareWithBotocore(stsService, model), [])
})
