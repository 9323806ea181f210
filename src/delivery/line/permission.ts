import type { Problems } from '../../metrics/problems.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import type { Job } from '../job.ts'

/** What problems say of a job whose role does not allow what it does. */
const NOT_ALLOWED = { read: 'SourceAccessDenied', put: 'DeliveryAccessDenied' } as const

export type Deed = keyof typeof NOT_ALLOWED

/** `why` undefined: it may. */
export function sayPermission(
  problems: Problems,
  { where }: Pick<Job, 'where'>,
  deed: Deed,
  why?: string,
): void {
  const code = NOT_ALLOWED[deed]
  if (why === undefined) problems.solved(code, where)
  else problems.report({ code, where, what: why })
}

/** Of a job that is no more. */
export function forgetPermissions(problems: Problems, job: Pick<Job, 'where'>): void {
  sayPermission(problems, job, 'read')
  sayPermission(problems, job, 'put')
}

/** Whether a job may read its stream, said as long as it may not; undefined where nobody is asked. */
export function readPermission(
  { refusalToRead, problems }: Pick<DeliveryPorts, 'refusalToRead' | 'problems'>,
  job: () => Job,
): (() => Promise<boolean>) | undefined {
  if (!refusalToRead) return undefined
  return async () => {
    const why = await refusalToRead(job())
    sayPermission(problems, job(), 'read', why)
    return why === undefined
  }
}
