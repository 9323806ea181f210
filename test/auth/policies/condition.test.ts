// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policies write variables.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCondition } from '../../../src/auth/policies/condition.ts'

const ARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/orders'
type Row = readonly [
  operator: string,
  values: string | readonly string[],
  given: string | readonly string[] | undefined,
  holds: boolean,
]

function check(rows: readonly Row[]): void {
  for (const [operator, values, given, holds] of rows) {
    const condition = parseCondition({
      operator,
      key: 'aws:Key',
      values: typeof values === 'string' ? [values] : values,
      hasVariables: true,
    })
    const keys = new Map<string, readonly string[]>([['aws:username', ['Anna']]])
    if (given !== undefined) keys.set('aws:key', typeof given === 'string' ? [given] : given)
    assert.equal(condition?.holds(keys), holds, `${operator} ${values} of ${given}`)
  }
}

test('strings are compared as they are, without their case, or with wildcards', () =>
  check([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', '${aws:username}', 'Anna', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringEqualsIgnoreCase', 'JohnDoe', 'johndoe', true],
    ['StringEqualsIgnoreCase', '${aws:username}', 'aNNA', true],
    ['StringNotEqualsIgnoreCase', 'A', 'a', false],
    ['StringLike', 'home/*', 'home/x', true],
    ['StringLike', 'home/?', 'home/xy', false],
    ['StringLike', '${aws:username}/*', 'Anna/x', true],
    ['StringNotLike', 'home/*', 'home/x', false],
  ]))

test('numbers, times, booleans and bytes are compared by what they mean', () =>
  check([
    ['NumericEquals', '10', '10.0', true],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericLessThanEquals', '10', '11', false],
    ['NumericLessThan', '10', '9', true],
    ['NumericGreaterThan', '10', '9', false],
    ['NumericGreaterThanEquals', '10', 'x', false],
    ['NumericNotEquals', '10', '9', true],
    ['DateGreaterThan', '2020-04-01T00:00:00Z', '2020-04-01T00:00:01Z', true],
    ['DateLessThan', '2020-06-30T23:59:59Z', '2020-07-01T00:00:00Z', false],
    ['DateEquals', '1585699200', '2020-04-01T00:00:00Z', true],
    ['DateNotEquals', '2020-04-01', '2020-04-01T00:00:00Z', false],
    ['DateLessThanEquals', 'nonsense', '2020-04-01T00:00:00Z', false],
    ['Bool', 'true', 'True', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['BinaryEquals', 'QmluYXJ5', 'qmluYXJ5', false],
  ]))

test('addresses are looked for in ranges of both kinds', () =>
  check([
    ['IpAddress', '203.0.113.0/24', '203.0.113.77', true],
    ['IpAddress', '203.0.113.0/24', '203.0.114.1', false],
    ['IpAddress', '203.0.113.7', '203.0.113.7', true],
    ['IpAddress', '203.0.113.0/24', '::ffff:203.0.113.1', true],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678::1', true],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false],
    ['IpAddress', '0.0.0.0/0', '::1', false],
    ['IpAddress', '::1', '0:0:0:0:0:0:0:1', true],
    ['IpAddress', ['10.0.0.0/8', '127.0.0.1'], '127.0.0.1', true],
    ['IpAddress', '300.0.0.0/8', '44.0.0.1', false],
    ['IpAddress', '10.0.0.0/33', '10.0.0.1', false],
    ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
    ['NotIpAddress', '203.0.113.0/24', '203.0.113.1', false],
  ]))

test('ARNs are compared part by part', () =>
  check([
    ['ArnLike', 'arn:aws:kinesis:*:123456789012:stream/*', ARN, true],
    ['ArnEquals', 'arn:aws:kinesis:*:123456789012:stream/*', ARN, true],
    ['ArnLike', 'arn:aws:kinesis:*:stream/*', ARN, false],
    ['ArnLike', 'arn:aws:kinesis:us-*:123456789012:stream/orders', ARN, true],
    ['ArnLike', 'arn:aws:iam::1:user/${aws:username}', 'arn:aws:iam::1:user/Anna', true],
    ['ArnLike', '*', ARN, true],
    ['ArnNotLike', 'arn:aws:kinesis:*:*:stream/orders', ARN, false],
    ['ArnNotEquals', 'arn:aws:kinesis:*:*:stream/other', ARN, true],
  ]))

test('what the request does not say fulfils a negation, and nothing else', () =>
  check([
    ['StringEquals', 'a', undefined, false],
    ['StringNotEquals', 'a', undefined, true],
    ['StringNotLike', 'a', undefined, true],
    ['NotIpAddress', '10.0.0.0/8', undefined, true],
    ['ArnNotEquals', 'x', undefined, true],
    ['NumericNotEquals', '1', undefined, true],
    ['Bool', 'false', undefined, false],
    ['StringEqualsIfExists', 'a', undefined, true],
    ['StringEqualsIfExists', 'a', 'b', false],
    ['BoolIfExists', 'true', undefined, true],
    ['Null', 'true', undefined, true],
    ['Null', 'false', undefined, false],
    ['Null', 'true', 'x', false],
    ['Null', 'false', 'x', true],
  ]))

test('of several values every one, or any one, has to be so', () =>
  check([
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['a', 'b'], undefined, true],
    ['ForAllValues:StringEquals', ['a', 'b'], [], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
    ['ForAnyValue:StringEquals', ['a', 'b'], undefined, false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['a', 'c'], false],
    ['ForAnyValue:StringLikeIfExists', ['a*'], undefined, true],
  ]))

test('there are no other operators', () => {
  for (const operator of [
    'stringEquals',
    'StringMatches',
    'NullIfExists',
    'ForSomeValues:Bool',
    'toString',
    '',
  ])
    assert.equal(parseCondition({ operator, key: 'aws:x', values: [''], hasVariables: true }), undefined)
})
