// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policies write variables.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
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

test('a pattern full of stars is held against a long text in no time', () => {
  const pattern = parsePattern(`${'*a'.repeat(5_000)}*b`, { hasWildcards: true, hasVariables: true })
  assert.ok(!fits(pattern, 'a'.repeat(100_000), keys))
})
