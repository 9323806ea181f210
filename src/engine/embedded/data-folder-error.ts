import { isEngineError } from '../ports/engine.ts'
import { isErrno } from './files/durable-file.ts'

export type DataFolderErrorCode = 'Busy' | 'UnknownVersion' | 'NotAFolder' | 'Damaged' | 'Full' | 'ReadOnly'

/** Why a data folder cannot be opened; the message says what to do, with a line for each loss where it is Damaged. */
export class DataFolderError extends Error {
  readonly code: DataFolderErrorCode
  constructor(code: DataFolderErrorCode, message: string) {
    super(message)
    this.name = 'DataFolderError'
    this.code = code
  }
}

/** What a folder that takes nothing is refused with; undefined for any other error. */
export function takesNothing(folder: string, error: unknown): DataFolderError | undefined {
  if (isErrno(error, 'ENOSPC', 'EDQUOT') || isEngineError(error, 'StorageFull'))
    return new DataFolderError(
      'Full',
      `the disk of ${folder} has no room to start with: make room on it, or choose a folder on another disk with --data`,
    )
  if (isErrno(error, 'EROFS'))
    return new DataFolderError(
      'ReadOnly',
      `${folder} is on a read-only file system: make it writable, or choose another folder with --data`,
    )
  return undefined
}

/** Something of the data folder that is not there any more, or is not what was written. */
export interface Loss {
  /** The file or folder within the data folder. */
  readonly where: string
  /** What is wrong with it and what that costs; no full stop. */
  readonly what: string
}

const lineOf = ({ where, what }: Loss): string => `${where} ${what}`

const ACCEPTABLE =
  'put back what is missing, or restore a backup; --accept-data-loss starts without what is named here'

/** Refuses by name: a line for each loss, and what to do. */
export const refusalOf = (folder: string, losses: readonly Loss[]): DataFolderError =>
  new DataFolderError(
    'Damaged',
    [
      `${folder} lacks what it must hold; nothing was changed in it`,
      ...losses.map((loss) => `  ${lineOf(loss)}`),
      ACCEPTABLE,
    ].join('\n'),
  )
