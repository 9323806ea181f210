// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policies write variables.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCondition } from '../../../src/auth/policies/condition.ts'
import { fits, parsePattern } from '../../../src/auth/policies/pattern.ts'

const keys = new Map<string, readonly string[]>([
  ['aws:username', ['an*a']],
  ['aws:principaltag/team', ['data']],
  ['aws:tagkeys', ['a', 'b']],
])
const says = (pattern: string, text: string, reading = { hasWildcards: true, hasVariables: true }) =>
  fits(parsePattern(pattern, reading), text, keys)

test('a star stands for any characters, a question mark for exactly one', () => {
  for (const [pattern, text, isFit] of [
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a', 'a', true],
    ['a', 'A', false],
    ['a*', 'a', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbb', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['?*?', 'a', false],
    ['?*?', 'ab', true],
    ['*ab*ab', 'abab', true],
    ['*ab*ab', 'ab', false],
    ['a*b*c', 'a-b-b-c', true],
    ['*.csv', 'x.csv.gz', false],
    ['arn:aws:s3:::lake/*', 'arn:aws:s3:::lake/a/b:c', true],
    ['arn:aws:s3:::lake/*', 'arn:aws:s3:::lake', false],
    ['a.c', 'abc', false],
  ] as const)
    assert.equal(says(pattern, text), isFit, `${pattern} ${text}`)
})

test('a variable is what the request says, to the letter, and nothing where it says nothing', () => {
  for (const [pattern, text, isFit] of [
    ['home/${aws:username}/*', 'home/an*a/x', true],
    ['home/${aws:username}/*', 'home/anna/x', false],
    ['home/${AWS:UserName}/*', 'home/an*a/x', true],
    ['${aws:PrincipalTag/team}', 'data', true],
    ['${aws:PrincipalTag/none}', '', false],
    ["${aws:PrincipalTag/none, 'guest'}", 'guest', true],
    ["${aws:PrincipalTag/team, 'guest'}", 'data', true],
    ['${aws:TagKeys}', 'a', false],
    ['${*}', '*', true],
    ['${*}', 'x', false],
    ['${?}${$}', '?$', true],
    ['${', '${', true],
  ] as const)
    assert.equal(says(pattern, text), isFit, `${pattern} ${text}`)
})

test('an older version of the language has no variables, and an exact operator no wildcards', () => {
  assert.ok(says('${aws:username}', '${aws:username}', { hasWildcards: true, hasVariables: false }))
  assert.ok(!says('a*', 'ab', { hasWildcards: false, hasVariables: true }))
  assert.ok(says('a*', 'a*', { hasWildcards: false, hasVariables: true }))
})

test('wildcards agree with the regular expression that says the same', () => {
  const part = fc.constantFrom('a', 'b', '*', '?', 'ab', ':')
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.array(fc.constantFrom('a', 'b', ':'), { maxLength: 12 }).map((parts) => parts.join('')),
      (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        assert.equal(says(pattern, text), expression.test(text))
      },
    ),
    { numRuns: 3_000 },
  )
})

/** Where in the text each beginning of the pattern can end: a regular expression would try for seconds. */
function saysByTheBook(pattern: string, text: string): boolean {
  let ends = [true, ...Array.from(text, () => false)]
  for (const piece of pattern)
    ends =
      piece === '*'
        ? ends.map((_, at) => ends.slice(0, at + 1).includes(true))
        : ends.map((_, at) => at > 0 && ends[at - 1]! && (piece === '?' || piece === text[at - 1]))
  return ends.at(-1)!
}

test('a long run of single wildcards is found where it is, and nowhere else', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a?', '?', 'ab', '*'), { minLength: 33, maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 60, maxLength: 200 }),
      (parts, text) => {
        const pattern = `*${parts.join('')}*`
        assert.equal(says(pattern, text), saysByTheBook(pattern, text))
      },
    ),
    { numRuns: 300 },
  )
  const text = `${'b'.repeat(50)}${'ab'.repeat(20)}`
  assert.ok(says(`*${'a?'.repeat(20)}*`, text))
  assert.ok(!says(`*${'a?'.repeat(21)}*`, text))
})

/** ms of CPU: a busy machine is no fault of the pattern. */
function msOf(task: () => void): number {
  const before = process.threadCpuUsage()
  task()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

test('what almost fits everywhere is not compared everywhere', () => {
  const pattern = parsePattern(`*${'a?'.repeat(4_000)}b*`, { hasWildcards: true, hasVariables: true })
  const ms = msOf(() => assert.ok(!fits(pattern, 'a'.repeat(16_000), keys)))
  assert.ok(ms < 250, `${ms} ms`)
})

test('a condition whose variables do not end is read in no time', () => {
  const values = ['${'.repeat(60_000)]
  const given = { operator: 'ArnLike', key: 'aws:PrincipalArn', values, hasVariables: true }
  const ms = msOf(() => assert.ok(parseCondition(given)))
  assert.ok(ms < 1_000, `${ms} ms`)
})

test('a pattern full of stars is held against a long text in no time', () => {
  const pattern = parsePattern(`${'*a'.repeat(5_000)}*b`, { hasWildcards: true, hasVariables: true })
  assert.ok(!fits(pattern, 'a'.repeat(100_000), keys))
})
