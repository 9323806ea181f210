import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldFile } from '../../../src/s3/forms/held.ts'

const NOW = Date.parse('2026-05-06T07:08:09Z')
const EXPIRATION = '2026-05-06T07:08:09.000Z'

async function* bytes(text: string) {
  yield Buffer.from(text)
}

/** What becomes of a form with this policy: `held`, or why not. */
async function outcome(policy: unknown, fields: Readonly<Record<string, string>> = {}, file = 'content') {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy)
  const all = { key: 'a/b', policy: Buffer.from(text).toString('base64'), ...fields }
  const values = new Map(Object.entries(all))
  try {
    for await (const _ of heldFile({ fields: values, bucket: 'lake', file: bytes(file), now: NOW }));
    return 'held'
  } catch (error) {
    const { code, message, fields } = error as { code: string; message: string; fields: object }
    return [code, message, ...Object.values(fields)].join(' | ')
  }
}
const COVERED = [{ bucket: 'lake' }, ['starts-with', '$key', '']]
const given = (...conditions: unknown[]) => ({
  expiration: EXPIRATION,
  conditions: [...COVERED, ...conditions],
})
const failed = (condition: string) =>
  `AccessDenied | Invalid according to Policy: Policy Condition failed: ${condition}`
const extra = (names: string) => `AccessDenied | Invalid according to Policy: Extra input fields: ${names}`
const invalid = (why: string) => `InvalidPolicyDocument | Invalid Policy: ${why}`
const IMAGES = ['starts-with', '$Content-Type', 'image/']
const RANGE = ['content-length-range', 5, '10']

for (const [what, policy, fields, expected, file] of [
  ['eq that holds', given({ acl: 'private' }), { acl: 'private' }, 'held'],
  ['eq in a list', given(['eq', '$key', 'a/c']), {}, failed('["eq", "$key", "a/c"]')],
  ['names in any case', given(['EQ', '$KEY', 'a/b'], { ACL: 'x' }), { acl: 'x' }, 'held'],
  ['values in their case', given({ Key: 'A/b' }), {}, failed('["eq", "$Key", "A/b"]')],
  ['eq of a field that is not there', given({ acl: 'x' }), {}, failed('["eq", "$acl", "x"]')],
  ['no $', given(['eq', 'key', 'a/b']), {}, failed('["eq", "key", "a/b"]')],
  ['another bucket', given({ bucket: 'b' }), {}, failed('["eq", "$bucket", "b"]')],
  ['a beginning', given(['starts-with', '$key', 'a/']), {}, 'held'],
  ['another beginning', given(['starts-with', '$key', 'b']), {}, failed('["starts-with", "$key", "b"]')],
  ['a beginning of nothing', given(['starts-with', '$acl', '']), {}, 'held'],
  ['several types', given(IMAGES), { 'content-type': 'image/png, image/gif' }, 'held'],
  [
    'one type of several',
    given(IMAGES),
    { 'content-type': 'image/png,text/html' },
    failed('["starts-with", "$Content-Type", "image/"]'),
  ],
  ['a field without a condition', given(), { expires: '0' }, extra('expires')],
  [
    'a bucket without a condition',
    { expiration: EXPIRATION, conditions: [['starts-with', '$key', '']] },
    {},
    extra('bucket'),
  ],
  [
    'what is to be ignored',
    given(),
    { 'x-ignore-this': '1', 'x-amz-signature': 's', signature: 's', awsaccesskeyid: 'k' },
    'held',
  ],
  [
    'what says who signed',
    given(),
    { 'x-amz-date': 'd', 'x-amz-credential': 'c' },
    extra('x-amz-date, x-amz-credential'),
  ],
  ['a file of the least size', given(RANGE), {}, 'held', '12345'],
  ['a file of the most size', given(RANGE), {}, 'held', '1234567890'],
  [
    'a file that is too small',
    given(RANGE),
    {},
    'EntityTooSmall | Your proposed upload is smaller than the minimum allowed size | 4 | 5',
    '1234',
  ],
  [
    'a file that is too large',
    given(RANGE),
    {},
    'EntityTooLarge | Your proposed upload exceeds the maximum allowed size | 11 | 10',
    '12345678901',
  ],
  [
    'two ranges',
    given(RANGE, ['content-length-range', 0, 6]),
    {},
    'EntityTooLarge | Your proposed upload exceeds the maximum allowed size | 7 | 6',
    '1234567',
  ],
  [
    'a policy that is over',
    { ...given(), expiration: '2026-05-06T07:08:08.999Z' },
    {},
    'AccessDenied | Invalid according to Policy: Policy expired.',
  ],
  ['no JSON', '{', {}, invalid('Invalid JSON.')],
  ['a list', [], {}, invalid('Invalid JSON.')],
  ['no expiration', { conditions: [] }, {}, invalid('Policy missing expiration.')],
  ['no conditions', { expiration: EXPIRATION }, {}, invalid('Policy missing conditions.')],
  [
    'conditions that are no list',
    { expiration: EXPIRATION, conditions: {} },
    {},
    invalid("Invalid 'conditions' value: must be a List."),
  ],
  ...['2999-02-30T00:00:00Z', '2999-01-01T00:00:00+00:00', 'tomorrow', 32503680000].map(
    (expiration) =>
      [
        `expiration ${expiration}`,
        { expiration, conditions: [] },
        {},
        invalid(`Invalid 'expiration' value: '${expiration}'`),
      ] as const,
  ),
  [
    'an expiration that is an object with a toString of its own',
    { expiration: { toString: 0, valueOf: 0 }, conditions: [] },
    {},
    invalid(`Invalid 'expiration' value: '{"toString":0,"valueOf":0}'`),
  ],
  [
    'a size that is an object with a toString of its own',
    given(['content-length-range', 1, { toString: 0, valueOf: 0 }]),
    {},
    invalid(`Invalid content-length-range: '{"toString":0,"valueOf":0}' is not a size.`),
  ],
  [
    'lists within lists',
    `{"expiration":${'['.repeat(7_000)}${']'.repeat(7_000)},"conditions":[]}`,
    {},
    invalid('Invalid JSON.'),
  ],
  ['a text', given('bucket'), {}, invalid('Invalid condition test: must be a List or Object.')],
  [
    'two properties',
    given({ acl: 'a', key: 'k' }),
    {},
    invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'),
  ],
  [
    'no property',
    given({}),
    {},
    invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'),
  ],
  ['a number', given({ acl: 1 }), {}, invalid('Invalid Simple-Condition: value must be a string.')],
  ['nothing to do', given([]), {}, invalid('Invalid Condition: missing operation identifier.')],
  [
    'another test',
    given(['ends-with', '$key', 'x']),
    {},
    invalid("Invalid Condition: unknown operation 'ends-with'."),
  ],
  ['no value', given(['eq', '$key']), {}, invalid('Invalid eq: wrong number of arguments.')],
  [
    'a range without an end',
    given(['content-length-range', 0]),
    {},
    invalid('Invalid content-length-range: wrong number of arguments.'),
  ],
  [
    'a range from below nothing',
    given(['content-length-range', -1, 0]),
    {},
    invalid("Invalid content-length-range: '-1' is not a size."),
  ],
] as readonly (readonly [string, unknown, Record<string, string>, string, string?])[])
  test(`${what}: ${expected}`, async () => assert.equal(await outcome(policy, fields, file), expected))
