const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
}
const SIZE = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?|b)?$/i

/** Bytes: `10GiB`, `1.5 GB`, `500m`, `1048576`; units are of 1024. Undefined for what is none, and for nothing at all. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text.trim())
  if (!match) return undefined
  const bytes = Math.round(Number(match[1]) * UNITS[(match[2] ?? '').toLowerCase()]!)
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}

const NAMES = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** `5 MiB`, `1.5 KiB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), NAMES.length - 1)
  const value = bytes / 1024 ** power
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${NAMES[power]}`
}
