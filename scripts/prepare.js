// npm runs this once everything is installed, by whatever Node it was started with.
import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (existsSync(new URL('../node_modules/vite', import.meta.url)))
  execSync('npm run build:console --silent', { stdio: 'inherit' })
else
  console.log(
    'The console was not built, for that takes the development dependencies (npm ci without --omit=dev). All else works.',
  )
