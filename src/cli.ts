import { main } from './cli/main.ts'

const { stdout, stderr } = process

// `standpipe tail … | head`: the reader has enough.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  if (!process.emit('SIGPIPE')) process.exit(0)
})

// A server whose log has no reader any more goes on; a command ends by itself.
stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await main(process.argv.slice(2), {
  out: (line) => void stdout.write(`${line}\n`),
  err: (line) => void stderr.write(`${line}\n`),
  progress: (text) => void (stdout.isTTY && stdout.write(`\r\x1b[K${text}`)),
  env: process.env,
})
