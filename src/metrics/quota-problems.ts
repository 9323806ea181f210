import type { Problems } from './problems.ts'
import { sizeText } from './size.ts'

/** A quota that was met. */
export interface MetQuota {
  /** `stream clicks`, `bucket landing-zone`. */
  readonly where: string
  readonly quotaBytes: number
  readonly usedBytes: number
  /** That were to come and were refused. */
  readonly moreBytes: number
  /** Whether so many bytes would be taken now. */
  readonly hasRoom: (bytes: number) => Promise<boolean>
}

/** What is said to whoever is refused, and to the problems. */
export const quotaSentence = ({ where, quotaBytes, usedBytes, moreBytes }: Omit<MetQuota, 'hasRoom'>) =>
  `the ${where} has met its quota of ${sizeText(quotaBytes)}: ${sizeText(usedBytes)} are used, and there is no room for ${sizeText(moreBytes)} more`

/** Where it is said that quotas refuse something, until they would not any more. */
export interface QuotaProblems {
  met(quota: MetQuota): void
  /** Looks again at those that are met. */
  reconsider(): Promise<void>
}

const CODE = 'QuotaMet'

/** What was too large for a quota that has room for others is no trouble any more when nobody has tried it for so long. */
const FORGOTTEN_MS = 3_600_000

export function createQuotaProblems(problems: Problems, now: () => number): QuotaProblems {
  const met = new Map<string, MetQuota & { readonly at: number }>()
  return {
    met(quota) {
      const { where, quotaBytes } = quota
      met.set(where, { ...quota, at: now() })
      // The same words for every call that is refused: each other sentence is another line in the log.
      const what = `the ${where} has met its quota of ${sizeText(quotaBytes)} and takes no more: delete something, or raise it`
      problems.report({ code: CODE, where, what })
    },
    async reconsider() {
      for (const [where, quota] of met) {
        const isOld = now() - quota.at >= FORGOTTEN_MS
        if (!(await quota.hasRoom(isOld ? 1 : quota.moreBytes)) || met.get(where) !== quota) continue
        met.delete(where)
        problems.solved(CODE, where)
      }
    },
  }
}

export const unheardQuotas: QuotaProblems = { met: () => undefined, reconsider: async () => undefined }
