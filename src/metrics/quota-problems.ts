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
  /** Whether so many would be taken now. */
  readonly hasRoom: () => Promise<boolean>
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

export function createQuotaProblems(problems: Problems): QuotaProblems {
  const met = new Map<string, MetQuota>()
  return {
    met(quota) {
      const { where, quotaBytes } = quota
      met.set(where, quota)
      // The same words for every call that is refused: each other sentence is another line in the log.
      const what = `the ${where} has met its quota of ${sizeText(quotaBytes)} and takes no more: delete something, or raise it`
      problems.report({ code: CODE, where, what })
    },
    async reconsider() {
      for (const [where, quota] of met) {
        if (!(await quota.hasRoom()) || met.get(where) !== quota) continue
        met.delete(where)
        problems.solved(CODE, where)
      }
    },
  }
}

export const unheardQuotas: QuotaProblems = { met: () => undefined, reconsider: async () => undefined }
