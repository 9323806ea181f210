import type { Access } from '../../service/access.ts'
import type { Authority } from '../../service/authorize.ts'
import type { Caller } from '../../service/operation.ts'

/** Hears what callers ask leave for. */
export type Noted = (caller: Caller, asked: Pick<Access, 'action' | 'resource'>) => void

/** The same authority, of whose questions `noted` hears. */
export const noting = (authority: Authority, noted: Noted | undefined): Authority =>
  noted === undefined
    ? authority
    : {
        judgeFor(caller) {
          const judge = authority.judgeFor(caller)
          return (access) => {
            noted(caller, access)
            return judge(access)
          }
        },
      }
