import type { Connection, Frame } from '@cruster/core/ports'

/** Takes the frames of one connection. */
export interface FrameReader {
  receive(frame: Frame): void
  /** `receive` threw. The frame is dropped, the next one is read: one bad call must not end all others. */
  failed(error: unknown): void
}

/** Hands over every frame in order until the connection is over; then resolves with the reason. Never rejects. */
export async function readFrames(connection: Connection, reader: FrameReader): Promise<Error | undefined> {
  try {
    for await (const frames of connection.frames) {
      for (const frame of frames) receive(frame, reader)
    }
    return await connection.closed
  } catch (error) {
    return error instanceof Error ? error : undefined
  }
}

function receive(frame: Frame, reader: FrameReader): void {
  try {
    reader.receive(frame)
  } catch (error) {
    reader.failed(error)
  }
}
