type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** A value as Python writes it, over several lines. */
export function pythonLiteral(value: Json, indent = ''): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  // JSON's texts are Python's, too.
  if (typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}    `
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', value.map((item) => pythonLiteral(item, inner))]
    : ['{', '}', Object.entries(value).map(([name, item]) => `"${name}": ${pythonLiteral(item, inner)}`)]
  return items.length === 0
    ? open + close
    : [open, ...items.map((item) => `${inner}${item},`), `${indent}${close}`].join('\n')
}
