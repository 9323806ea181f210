import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { firehoseService } from '../../src/firehose/service.ts'
import { iamService } from '../../src/iam/service.ts'
import { kinesisService } from '../../src/kinesis/service.ts'
import { s3Service } from '../../src/s3/service.ts'
import type { Shape, StringShape } from '../../src/service/shape.ts'
import { constraintsOf, LONGEST_MATCHED } from '../../src/service/validation/constraints.ts'
import { stsService } from '../../src/sts/service.ts'
import { trackedFiles } from '../rooms.ts'

/** Every text with a pattern that an operation takes, by the pattern. */
function patterned(): Map<string, StringShape> {
  const found = new Map<string, StringShape>()
  const walk = (shape: Shape): void => {
    if (shape.kind === 'string' && shape.pattern !== undefined) found.set(shape.pattern, shape)
    if (shape.kind === 'structure') for (const member of Object.values(shape.members)) walk(member)
    if (shape.kind === 'list') walk(shape.member)
    if (shape.kind === 'map') for (const part of [shape.key, shape.value]) walk(part)
  }
  for (const { operations } of [kinesisService, firehoseService, s3Service, iamService, stsService])
    for (const { input } of operations.values()) walk(input)
  return found
}

/** Growing little by little, so that a pattern that takes the cube of the length is seen long before it takes hours. */
const LENGTHS = [LONGEST_MATCHED]
while (LENGTHS.at(-1)! < 1_000_000) LENGTHS.push(LENGTHS.at(-1)! * 2)
const BEGINNINGS = ['', 'arn:aws', 'arn:aws:kinesis:', 'arn:aws:kms:', 'arn:aws:kinesis::000000000000:']
const PIECES = ['a', '0', ' ', ':kinesis:', ':000000000000:', ':kinesis::000000000000:', 'stream/', 'arn:']

test('no text that is refused takes long to refuse, however long it is', () => {
  const shapes = patterned()
  assert.ok(shapes.size > 20, `only ${shapes.size} patterns`)
  for (const [pattern, shape] of shapes) {
    for (const length of LENGTHS)
      for (const beginning of BEGINNINGS)
        for (const piece of PIECES) {
          const text = `${beginning}${piece.repeat(length / piece.length - 20)}\u0001`
          // Not by the clock: a busy machine is no fault of the text.
          const before = process.threadCpuUsage()
          const isRefused = constraintsOf(shape).filter(({ holds }) => !holds(text)).length > 0
          const { user, system } = process.threadCpuUsage(before)
          const ms = (user + system) / 1000
          assert.ok(isRefused && ms < 3000, `${ms} ms: ${pattern} of ${beginning}${piece}`)
        }
  }
})

/** Where a regular expression is made of text: each of these makes it of the repository's own. */
const MADE_OF_OURS = [
  'src/remote/remote-failure.ts',
  'src/service/signing/form.ts',
  'src/service/validation/constraints.ts',
  'src/wire/rest-xml/match.ts',
]

test("no regular expression is made of a user's text", () => {
  const makers = trackedFiles('src', 'console').filter(
    (path) => /\.tsx?$/.test(path) && /\bRegExp\(/.test(readFileSync(path, 'utf8')),
  )
  assert.deepEqual(makers.sort(), MADE_OF_OURS)
})
