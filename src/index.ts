/**
 * Standpipe as a library:
 *
 *     await using standpipe = await start({ port: 0, ephemeral: true, clock: 'manual' })
 *     const kinesis = new KinesisClient(standpipe.clientConfig)
 *     await standpipe.clock.advance('5m')
 */
export { type Standpipe, type StartOptions, start } from './start.ts'
