import { createServer } from 'node:net'
import { decode } from '@msgpack/msgpack'
import { frameOf, FrameReader } from '../workloads/frames.ts'
import { tell, untilTold } from './program.ts'

/** Answers each frame with an equal one, decoded and encoded anew: the least that any protocol does. */
const server = createServer({ noDelay: true }, (socket) => {
  const reader = new FrameReader()
  socket.on('data', (chunk: Buffer) => {
    const answers = reader.read(chunk).map((frame) => frameOf(decode(frame)))
    if (answers.length > 0) socket.write(Buffer.concat(answers))
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  tell(server.address())
})
await untilTold()
process.exit()
