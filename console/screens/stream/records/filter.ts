/** What a filter needs to know of a record. */
export interface Filterable {
  readonly partitionKey: string
  text(): string
  json(): unknown
}

export type Filter = (record: Filterable) => boolean

const FIELD = /^\$((?:\.[A-Za-z_][\w-]*|\[\d+\])+)\s*(==|=|!=|>=|<=|>|<|~)\s*(.+)$/s

/**
 * `$.value > 50`, `$.user.name == "ada"`, `$.tags[0] ~ urgent` compare a field of JSON (`~`: contains). Any other text is
 * looked for in payload and partition key. Undefined: it begins like a field and is none.
 */
export function parseFilter(text: string): Filter | undefined {
  const wanted = text.trim()
  if (wanted === '') return () => true
  if (!wanted.startsWith('$')) {
    const lower = wanted.toLowerCase()
    return (record) =>
      record.text().toLowerCase().includes(lower) || record.partitionKey.toLowerCase().includes(lower)
  }
  const [, path, operator, literal] = FIELD.exec(wanted) ?? []
  if (path === undefined || operator === undefined || literal === undefined) return undefined
  const names = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? index!)
  const value = literalOf(literal.trim())
  return (record) => {
    const field = names.reduce<unknown>(memberOf, record.json())
    return field !== undefined && compare(operator, field, value)
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

function literalOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text.replace(/^'(.*)'$/s, '$1')
  }
}

function compare(operator: string, field: unknown, value: unknown): boolean {
  switch (operator) {
    case '~':
      return String(field).includes(String(value))
    case '=':
    case '==':
      return field === value
    case '!=':
      return field !== value
  }
  const isOrdered = typeof field === typeof value && (typeof field === 'number' || typeof field === 'string')
  if (!isOrdered) return false
  const [a, b] = [field as number, value as number]
  return operator === '>' ? a > b : operator === '>=' ? a >= b : operator === '<' ? a < b : a <= b
}
