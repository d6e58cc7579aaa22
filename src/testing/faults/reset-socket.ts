import type { Socket } from "node:net";

/**
 * Ends a socket with a reset. While its own end is on its way it can only be closed: asked for a reset
 * then, Node 24 forgets it open, and a process that has such a one never ends.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
