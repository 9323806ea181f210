/** Why there is no backup; the message is one line and says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}
