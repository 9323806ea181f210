/** The kinds of refusal that most of Kinesis's share. https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html */
import { EngineError, type EngineErrorCode, isEngineError } from '../../engine/ports/engine.ts'
import { ServiceException } from '../../service/exception.ts'
import type { StreamRef } from '../stream-ref.ts'

export const invalidArgument = (message: string) => new ServiceException('InvalidArgumentException', message)

export const notFound = (message: string) => new ServiceException('ResourceNotFoundException', message)

export const inUse = (message: string) => new ServiceException('ResourceInUseException', message)

export const limitExceeded = (message: string) => new ServiceException('LimitExceededException', message)

/** `stream NAME under account ACCOUNT`, as AWS says it even when it was called by ARN. */
export const phrase = ({ streamName, account }: StreamRef) => `stream ${streamName} under account ${account}`

export const Phrase = (stream: StreamRef) => phrase(stream).replace('stream', 'Stream')

/** `.catch(answering({ NoSuchGroup: … }))`: what an engine may refuse, as what the client is told. */
export const answering =
  (answers: Partial<Record<EngineErrorCode, () => ServiceException>>) =>
  (error: unknown): never => {
    throw (error instanceof EngineError && answers[error.code]?.()) || error
  }

/** Of an engine's errors: so many changed one thing at once that this one did not get its turn. The SDKs ask again. */
export const toldOf = (error: unknown): ServiceException | undefined =>
  isEngineError(error, 'Contended')
    ? limitExceeded('The number of concurrent requests for this resource exceeds the maximum allowed.')
    : undefined
