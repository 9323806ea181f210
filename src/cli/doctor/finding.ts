/** One line of the doctor's; where it is not `ok`, the text ends with the remedy. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail'
  readonly subject: string
  readonly text: string
}

export const ok = (subject: string, text: string): Finding => ({ state: 'ok', subject, text })
export const warn = (subject: string, text: string): Finding => ({ state: 'warn', subject, text })
export const fail = (subject: string, text: string): Finding => ({ state: 'fail', subject, text })

/** Whether version `a` is at least `b`, both `1.2.3`. */
export function isAtLeast(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (const [index, wanted] of (right ?? []).entries()) {
    const got = left?.[index] ?? 0
    if (got !== wanted) return got > wanted
  }
  return true
}
