import assert from 'node:assert/strict'
import { test } from 'node:test'
import { credentialsOfFile, KeyFileError, parseKeyFile } from '../../src/auth/key-file.ts'

const SECRET = 'a secret of enough characters'
const KEY = { accessKeyId: 'AKIDWRITER', secretAccessKey: SECRET }
const ALLOW = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
const parse = (value: unknown) =>
  parseKeyFile(typeof value === 'string' ? value : JSON.stringify(value), (text) => {
    if (text.includes('Forbid')) throw new Error('no such effect')
  })

test('a key file names keys, whose they are, and what they may do', () => {
  const keys = parse({
    keys: [
      { ...KEY, policies: [ALLOW] },
      { ...KEY, accessKeyId: 'AKIDOTHER', account: '111122223333' },
    ],
  })
  const { find, policiesOf } = credentialsOfFile(keys, '000000000000')
  const [writer, other] = [find('AKIDWRITER'), find('AKIDOTHER')]
  assert.ok(writer && 'principal' in writer && other && 'principal' in other)
  assert.deepEqual(writer, {
    ...KEY,
    isActive: true,
    principal: {
      kind: 'user',
      account: '000000000000',
      arn: 'arn:aws:iam::000000000000:user/AKIDWRITER',
      userId: 'AKIDWRITER',
      accessKeyId: 'AKIDWRITER',
    },
  })
  assert.equal(other.principal.account, '111122223333')
  assert.deepEqual(policiesOf(writer.principal), { identity: [JSON.stringify(ALLOW)] })
  assert.deepEqual(policiesOf(other.principal), { identity: [] }, 'without policies it may do nothing')
  assert.equal(find('AKIDNOBODY'), undefined)
})

test('what is wrong with a key file is said where it is, and without a secret', () => {
  const cases: [file: unknown, message: string][] = [
    [`{"keys":[{"secretAccessKey":"${SECRET}"`, 'the file is no JSON'],
    [[], 'the file is no object'],
    [{}, 'the file has no list of "keys"'],
    [{ keys: [], key: [] }, 'the file has members that mean nothing: key'],
    [{ keys: ['x'] }, 'keys[0] is no object'],
    [{ keys: [KEY, KEY] }, 'the access key AKIDWRITER is there twice'],
    [{ keys: [{ ...KEY, policy: [] }] }, 'keys[0] has members that mean nothing: policy'],
    [
      { keys: [{ ...KEY, accessKeyId: 'a/b' }] },
      'keys[0].accessKeyId is no text of 3 to 128 letters, digits and _',
    ],
    [
      { keys: [{ ...KEY, secretAccessKey: 'short' }] },
      'keys[0].secretAccessKey is no text of at least 16 characters',
    ],
    [{ keys: [{ ...KEY, account: 111122223333 }] }, 'keys[0].account is not twelve digits in quotes'],
    [{ keys: [{ ...KEY, policies: {} }] }, 'keys[0].policies is no list of policy documents'],
    [{ keys: [{ ...KEY, policies: [ALLOW, 'x'] }] }, 'keys[0].policies[1] is no object'],
    [{ keys: [{ ...KEY, policies: [{ Effect: 'Forbid' }] }] }, 'keys[0].policies[0]: no such effect'],
  ]
  for (const [file, message] of cases)
    assert.throws(
      () => parse(file),
      (error) => {
        assert.ok(error instanceof KeyFileError)
        assert.equal(error.message, message)
        assert.ok(!error.message.includes(SECRET))
        return true
      },
    )
})
