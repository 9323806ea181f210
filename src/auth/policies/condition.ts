import { networksOf, parseNetwork } from '../../service/networks.ts'
import { fits, type KeyValues, parsePattern } from './pattern.ts'

/** One operator on one key, with the values of which any will do. */
export interface Condition {
  /** As the policy spells it. */
  readonly operator: string
  /** In lower case. */
  readonly key: string
  readonly values: readonly string[]
  holds(keys: KeyValues): boolean
}

/** Whether a value that the request has is what the policy says. */
type Test = (given: string, keys: KeyValues) => boolean

interface Operator {
  readonly isNegated?: true
  /** Once for a policy. */
  testOf(value: string, hasVariables: boolean): Test
}

const ofText =
  (hasWildcards: boolean, sameCase: (text: string) => string = (text) => text) =>
  (value: string, hasVariables: boolean): Test => {
    const pattern = parsePattern(value, { hasWildcards, hasVariables })
    const isFolded = sameCase('A') === 'a'
    const folded = isFolded ? pattern.map((p) => (typeof p === 'string' ? sameCase(p) : p)) : pattern
    return (given, keys) => fits(folded, sameCase(given), isFolded ? foldedValues(keys, sameCase) : keys)
  }

const foldedValues = (keys: KeyValues, fold: (text: string) => string): KeyValues => ({
  get: (key) => keys.get(key)?.map(fold),
})

/** What both sides are read as; what cannot be read compares to nothing. */
const ofNumbers =
  (read: (text: string) => number, compare: (given: number, value: number) => boolean) =>
  (value: string): Test => {
    const bound = read(value)
    return (given) => compare(read(given), bound)
  }

const numberOf = (text: string) =>
  /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN

const ISO = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/

/** ISO 8601 or seconds since 1970, in ms; a time without a zone is UTC's. */
function timeOf(text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text) && text.length !== 4) return Number(text) * 1000
  if (!ISO.test(text)) return Number.NaN
  return Date.parse(/T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`)
}

function ofAddress(value: string): Test {
  const network = parseNetwork(value)
  const networks = networksOf(network ? [network] : [])
  return (given) => networks.has(given)
}

/** Each of the six parts by itself; the last takes all further colons. */
function ofArn(value: string, hasVariables: boolean): Test {
  const patterns = partsOf(withWholeVariables(value)).map((part) =>
    parsePattern(part.replaceAll('\0', ':'), { hasWildcards: true, hasVariables }),
  )
  if (patterns.length === 1) return (given, keys) => value === '*' || fits(patterns[0]!, given, keys)
  return (given, keys) => {
    const parts = partsOf(given)
    return parts.length === patterns.length && parts.every((part, nth) => fits(patterns[nth]!, part, keys))
  }
}

/** The colons of `${aws:username}` part nothing. */
const withWholeVariables = (value: string) =>
  value.replaceAll(/\$\{[^${}]*\}/g, (variable) => variable.replaceAll(':', '\0'))

function partsOf(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

const ofBoolean = (value: string): Test => {
  const wanted = value.toLowerCase()
  return (given) => given.toLowerCase() === wanted
}

const not = (testOf: Operator['testOf']): Operator => ({ isNegated: true, testOf })
const is = (testOf: Operator['testOf']): Operator => ({ testOf })

const comparisons = (name: string, read: (text: string) => number) => ({
  [`${name}Equals`]: is(ofNumbers(read, (given, value) => given === value)),
  [`${name}NotEquals`]: not(ofNumbers(read, (given, value) => given === value)),
  [`${name}LessThan`]: is(ofNumbers(read, (given, value) => given < value)),
  [`${name}LessThanEquals`]: is(ofNumbers(read, (given, value) => given <= value)),
  [`${name}GreaterThan`]: is(ofNumbers(read, (given, value) => given > value)),
  [`${name}GreaterThanEquals`]: is(ofNumbers(read, (given, value) => given >= value)),
})

const lower = (text: string) => text.toLowerCase()

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: is(ofText(false)),
  StringNotEquals: not(ofText(false)),
  StringEqualsIgnoreCase: is(ofText(false, lower)),
  StringNotEqualsIgnoreCase: not(ofText(false, lower)),
  StringLike: is(ofText(true)),
  StringNotLike: not(ofText(true)),
  ...comparisons('Numeric', numberOf),
  ...comparisons('Date', timeOf),
  Bool: is(ofBoolean),
  BinaryEquals: is((value) => (given) => given === value),
  IpAddress: is(ofAddress),
  NotIpAddress: not(ofAddress),
  ArnEquals: is(ofArn),
  ArnLike: is(ofArn),
  ArnNotEquals: not(ofArn),
  ArnNotLike: not(ofArn),
}

const FORM = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/

interface Given {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  readonly hasVariables: boolean
}

/** Undefined when there is no such operator. */
export function parseCondition({ operator, key, values, hasVariables }: Given): Condition | undefined {
  const [, quantifier, name = '', ifExists] = FORM.exec(operator) ?? []
  const condition = { operator, key: key.toLowerCase(), values }
  if (name === 'Null') {
    if (quantifier !== undefined || ifExists !== undefined) return undefined
    const wanted = values.map(lower)
    return { ...condition, holds: (keys) => wanted.includes(String(isAbsent(keys.get(condition.key)))) }
  }
  const known = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
  if (!known) return undefined
  const { isNegated = false, testOf } = known
  const tests = values.map((value) => testOf(value, hasVariables))
  return {
    ...condition,
    holds(keys) {
      const given = keys.get(condition.key)
      if (isAbsent(given)) return whenAbsent(quantifier, isNegated, ifExists !== undefined)
      const isSo = (value: string) => tests.some((test) => test(value, keys)) !== isNegated
      if (quantifier === 'ForAnyValue') return given!.some(isSo)
      return quantifier === 'ForAllValues' || isNegated ? given!.every(isSo) : given!.some(isSo)
    },
  }
}

const isAbsent = (values: readonly string[] | undefined) => values === undefined || values.length === 0

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
function whenAbsent(quantifier: string | undefined, isNegated: boolean, ifExists: boolean): boolean {
  if (quantifier === 'ForAllValues' || ifExists) return true
  return quantifier === undefined && isNegated
}
