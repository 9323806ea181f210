import { EngineError, type EngineErrorCode } from '../../engine/engine.ts'
import type { ServiceException } from '../../service/exception.ts'

/** `.catch(answering({ NoSuchGroup: … }))`: what an engine may refuse, as what the client is told. */
export const answering =
  (answers: Partial<Record<EngineErrorCode, () => ServiceException>>) =>
  (error: unknown): never => {
    throw (error instanceof EngineError && answers[error.code]?.()) || error
  }
