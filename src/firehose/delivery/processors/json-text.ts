/** Newer versions of jq keep a number as it was written where 1.6 kept its value: `1.0`, `1e3`, very long ones. */
const UNUSUAL_NUMBER = /\d\.\d*0\b|\d[eE]|\d{17}/

/** The text of one JSON document as jq 1.6 would read it, or undefined. */
export function jsonTextOf(data: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data)
    const document: unknown = JSON.parse(text)
    return UNUSUAL_NUMBER.test(text) ? JSON.stringify(document) : text
  } catch {
    return undefined
  }
}
