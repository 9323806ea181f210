import type { Denial, Judge } from './access.ts'
import { ServiceException } from './exception.ts'
import { type Accesses, type Admission, actionOf, type Caller, type Service } from './operation.ts'

/** Who knows what callers may do. */
export interface Authority {
  judgeFor(caller: Caller): Judge
}

interface Authorizing<C> {
  readonly service: Service<C>
  readonly context: C
  readonly authority: Authority
}

/** The caller, who may do what it asks for and can be judged further by the handler; throws for one who may not. */
export async function authorize<C>(
  { service, context, authority }: Authorizing<C>,
  call: Admission<C>,
): Promise<Caller> {
  const judge = authority.judgeFor(call.caller)
  const caller = { ...call.caller, judge }
  for (const access of await accessesOf(service, context, { ...call, caller })) {
    const { account } = caller
    const isMissed = access.absent !== undefined && access.account !== account
    // What is not there has no policy that could let strangers in: their own decide whether they may ask.
    const denial = await judge(isMissed ? { ...access, account } : access)
    if (denial) throw (service.denied ?? denialOf(service))(denial)
    if (isMissed) throw access.absent
  }
  return caller
}

function accessesOf<C>(service: Service<C>, context: C, call: Admission<C>): Accesses {
  const { operation, input, caller } = call
  if (operation.accesses) return operation.accesses(context, input as never, caller)
  if (service.accesses) return service.accesses(context, call)
  return [{ action: actionOf(service, operation), resource: '*', account: caller.account }]
}

/** The JSON services have a modelled exception, the others the error that all share. */
const denialOf =
  <C>({ targetPrefix }: Service<C>) =>
  ({ message }: Denial): ServiceException =>
    targetPrefix === undefined
      ? new ServiceException('AccessDenied', message, 403)
      : new ServiceException('AccessDeniedException', message)
