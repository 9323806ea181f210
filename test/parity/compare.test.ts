import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blob, integer, list, required, string, structure } from '../../src/service/shape.ts'
import { compareWithBotocore } from './compare-with-botocore.ts'
import { compareWithSdk } from './compare-with-sdk.ts'

const table = {
  operations: new Map([
    [
      'Put',
      {
        input: structure({ Name: string({ max: 8 }), Count: required(integer()), Extra: blob() }),
        output: structure({ Ids: list(integer()) }),
      },
    ],
  ]),
  unsupported: ['Gone'],
}

test('every difference from an SDK is named', () => {
  const input = [3, 'ns', 'PutInput', 0, ['Name', 'Count', 'Other'], [0, 1, 2], 1]
  const output = () => [3, 'ns', 'PutOutput', 0, ['Ids'], [64 | 0], 0]
  const sdk = { Put$: [9, 'ns', 'Put', 0, input, output], Get$: [9, 'ns', 'Get', 0, 'unit', 'unit'] }
  assert.deepEqual(compareWithSdk(table, sdk), [
    'Get: not in the table',
    'Gone: not in the SDK',
    'Put.input.Name: not required',
    'Put.input.Count: required',
    'Put.input.Extra: not in the SDK',
    'Put.input.Other: missing',
    'Put.output.Ids[]: number, in the SDK string',
  ])
})

test("every constraint that is not botocore's is named", () => {
  const model = {
    operations: { Put: { input: { shape: 'PutInput' } } },
    shapes: {
      PutInput: { type: 'structure', members: { Name: { shape: 'Name' }, Count: { shape: 'Count' } } },
      Name: { type: 'string', max: 9, pattern: 'a+' },
      Count: { type: 'integer' },
    },
  }
  assert.deepEqual(compareWithBotocore(table, model), [
    'Put.input.Name: max 8, in botocore 9',
    'Put.input.Name: pattern undefined, in botocore a+',
  ])
})
