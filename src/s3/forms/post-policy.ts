import { isNestedDeeper } from '../../service/json-depth.ts'
import { invalidPolicyDocument } from './form-exceptions.ts'

export type Condition =
  | {
      readonly test: 'eq' | 'starts-with'
      /** As the policy writes it, with its `$`. */
      readonly name: string
      readonly value: string
    }
  | { readonly test: 'content-length-range'; readonly leastBytes: number; readonly mostBytes: number }

export interface PostPolicy {
  /** ms since 1970. */
  readonly expiresAt: number
  readonly conditions: readonly Condition[]
}

const TIME = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/**
 * What a form may say and until when, in base64 as the form says it. Throws InvalidPolicyDocument.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function parsePostPolicy(base64: string): PostPolicy {
  const { expiration, conditions } = documentOf(base64)
  if (expiration === undefined) throw invalidPolicyDocument('Policy missing expiration.')
  if (conditions === undefined) throw invalidPolicyDocument('Policy missing conditions.')
  if (!Array.isArray(conditions)) throw invalidPolicyDocument("Invalid 'conditions' value: must be a List.")
  return { expiresAt: timeOf(expiration), conditions: conditions.map(conditionOf) }
}

/** Nothing that a policy may say nests so deeply; what is wrong with a member is said with the member. */
const MAX_DEPTH = 32

function documentOf(base64: string): Readonly<Record<string, unknown>> {
  const bytes = Buffer.from(base64, 'base64')
  let document: unknown
  try {
    if (!isNestedDeeper(bytes, MAX_DEPTH)) document = JSON.parse(bytes.toString())
  } catch {
    document = undefined
  }
  if (!isObject(document)) throw invalidPolicyDocument('Invalid JSON.')
  return document
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Numbers may stand for texts. An object is shown as it was written: its own `toString` may be anything. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function timeOf(expiration: unknown): number {
  const text = textOf(expiration)
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN
  // What is beyond its month would be another day.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text.slice(0, 10)))
    throw invalidPolicyDocument(`Invalid 'expiration' value: '${text}'`)
  return time
}

function conditionOf(condition: unknown): Condition {
  if (Array.isArray(condition)) return listed(condition)
  if (!isObject(condition)) throw invalidPolicyDocument('Invalid condition test: must be a List or Object.')
  const [[name, value] = ['', ''], ...others] = Object.entries(condition)
  if (name === '' || others.length > 0)
    throw invalidPolicyDocument(
      'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
    )
  if (typeof value !== 'string')
    throw invalidPolicyDocument('Invalid Simple-Condition: value must be a string.')
  return { test: 'eq', name: `$${name}`, value }
}

function listed([test, ...given]: readonly unknown[]): Condition {
  if (typeof test !== 'string')
    throw invalidPolicyDocument('Invalid Condition: missing operation identifier.')
  const known = test.toLowerCase()
  if (known !== 'eq' && known !== 'starts-with' && known !== 'content-length-range')
    throw invalidPolicyDocument(`Invalid Condition: unknown operation '${test}'.`)
  const [one, other] = given
  if (given.length !== 2) throw invalidPolicyDocument(`Invalid ${test}: wrong number of arguments.`)
  if (known === 'content-length-range')
    return { test: known, leastBytes: sizeOf(one, test), mostBytes: sizeOf(other, test) }
  if (typeof one !== 'string' || typeof other !== 'string')
    throw invalidPolicyDocument(`Invalid ${test}: arguments must be strings.`)
  return { test: known, name: one, value: other }
}

function sizeOf(given: unknown, test: string): number {
  const text = textOf(given)
  if (!/^\d{1,15}$/.test(text)) throw invalidPolicyDocument(`Invalid ${test}: '${text}' is not a size.`)
  return Number(text)
}
