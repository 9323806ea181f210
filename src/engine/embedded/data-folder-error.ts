export type DataFolderErrorCode = 'Busy' | 'UnknownVersion' | 'NotAFolder' | 'Damaged'

/** Why a data folder cannot be opened; the message says what to do, with a line for each loss where it is Damaged. */
export class DataFolderError extends Error {
  readonly code: DataFolderErrorCode
  constructor(code: DataFolderErrorCode, message: string) {
    super(message)
    this.name = 'DataFolderError'
    this.code = code
  }
}
