import type { StreamBody } from '../../service/shape.ts'
import { MAX_UPLOAD_BYTES } from '../content/receive.ts'
import { entityTooLarge, entityTooSmall } from '../exceptions.ts'
import { againstPostPolicy } from './form-exceptions.ts'
import { type Condition, type PostPolicy, parsePostPolicy } from './post-policy.ts'

interface Held {
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>
  readonly bucket: string
  readonly file: StreamBody
  /** The machine's time, ms since 1970. */
  readonly now: number
}

/** What needs no condition: what signs the form, and what it signs. */
const UNCONDITIONED = ['policy', 'x-amz-signature', 'signature', 'awsaccesskeyid']
const IGNORED = 'x-ignore-'

/**
 * The file of a form, as far as the form's policy lets it be, if it has one. Throws what S3 says of a form that breaks it,
 * and the file EntityTooLarge and EntityTooSmall.
 */
export function heldFile({ fields, bucket, file, now }: Held): StreamBody {
  const text = fields.get('policy')
  if (text === undefined) return file
  const policy = parsePostPolicy(text)
  if (now > policy.expiresAt) throw againstPostPolicy('Policy expired.')
  const values = new Map([...fields, ['bucket', bucket] as const])
  const broken = policy.conditions.find((condition) => !holds(condition, values))
  if (broken) throw againstPostPolicy(`Policy Condition failed: ${printed(broken)}`)
  const extra = uncovered(policy, values)
  if (extra.length > 0) throw againstPostPolicy(`Extra input fields: ${extra.join(', ')}`)
  return policy.conditions.reduce(withinRange, file)
}

function holds(condition: Condition, values: ReadonlyMap<string, string>): boolean {
  if (condition.test === 'content-length-range') return true
  const { test, name, value } = condition
  if (!name.startsWith('$')) return false
  const field = nameIn(condition)
  const given = values.get(field)
  if (test === 'eq') return given === value
  // One that may be several at once.
  const each = field === 'content-type' ? (given ?? '').split(',').map((type) => type.trim()) : [given ?? '']
  return each.every((one) => one.startsWith(value))
}

const nameIn = (condition: Condition): string =>
  'name' in condition ? condition.name.replace(/^\$/, '').toLowerCase() : ''

const printed = (condition: Condition): string =>
  'name' in condition
    ? `[${[condition.test, condition.name, condition.value].map((text) => JSON.stringify(text)).join(', ')}]`
    : ''

function uncovered({ conditions }: PostPolicy, values: ReadonlyMap<string, string>): string[] {
  const covered = new Set([...UNCONDITIONED, ...conditions.map(nameIn)])
  return [...values.keys()].filter((name) => !covered.has(name) && !name.startsWith(IGNORED))
}

/** It is counted to its end, so that its sender is told how long it is. */
function withinRange(file: StreamBody, condition: Condition): StreamBody {
  if (condition.test !== 'content-length-range') return file
  const { leastBytes, mostBytes } = condition
  async function* pieces() {
    let sizeBytes = 0
    for await (const piece of file) {
      sizeBytes += piece.length
      if (sizeBytes <= mostBytes) yield piece
      else if (sizeBytes > MAX_UPLOAD_BYTES) break
    }
    if (sizeBytes > mostBytes) throw entityTooLarge(sizeBytes, mostBytes)
    if (sizeBytes < leastBytes)
      throw entityTooSmall({ ProposedSize: String(sizeBytes), MinSizeAllowed: String(leastBytes) })
  }
  return Object.assign(pieces(), { ...(file.release && { release: file.release }) })
}
