import type { Problems } from '../../metrics/problems.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import type { Job } from '../job.ts'

/** What problems say of a job whose role does not allow to read its stream. */
const NOT_ALLOWED = 'SourceAccessDenied'

/** Of a job that may, or is no more. */
export const forgetRefusal = (problems: Problems, { where }: Pick<Job, 'where'>): void =>
  problems.solved(NOT_ALLOWED, where)

/** Whether a job may read its stream, said as long as it may not; undefined where nobody is asked. */
export function readPermission(
  { refusalToRead, problems }: Pick<DeliveryPorts, 'refusalToRead' | 'problems'>,
  job: () => Job,
): (() => Promise<boolean>) | undefined {
  if (!refusalToRead) return undefined
  return async () => {
    const why = await refusalToRead(job())
    if (why === undefined) forgetRefusal(problems, job())
    else problems.report({ code: NOT_ALLOWED, where: job().where, what: why })
    return why === undefined
  }
}
