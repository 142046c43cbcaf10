// Starts the engine's script: as a worker from its address; if that is refused (opaque origins, `file:`), as a worker
// from a blob of its source; if workers are refused, on the main thread.

import { serve } from './host';
import type { Reply, Request } from './messages';

/** The worker's classic script: its address or its source. */
export type WorkerSource = { readonly url: string } | { readonly code: string };

/** A running engine script. */
export interface EnginePort {
  readonly where: 'worker' | 'blob worker' | 'main thread';
  post(request: Request, transfer: Transferable[]): void;
  /** Receives every reply, and the message of every uncaught error. */
  hear(onReply: (reply: Reply) => void, onCrash: (message: string) => void): void;
  /** Ends the script at once. */
  end(): void;
}

export async function start(source: WorkerSource): Promise<EnginePort> {
  try {
    if ('url' in source) return await workerAt(source.url, 'worker');
  } catch {
    // Refused by the browser: try the next way.
  }
  try {
    const code = 'code' in source ? source.code : await (await fetch(source.url)).text();
    const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    try {
      return await workerAt(url, 'blob worker');
    } finally {
      URL.revokeObjectURL(url);
    }
  } catch {
    return onMainThread();
  }
}

/** Resolves with a worker that has sent `hello`: only then is it certain that its script may run. */
function workerAt(url: string, where: EnginePort['where']): Promise<EnginePort> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url);
    worker.onerror = event => {
      event.preventDefault();
      worker.terminate();
      reject(new Error(event.message));
    };
    worker.onmessage = () => {
      resolve({
        where,
        post(request, transfer) {
          worker.postMessage(request, transfer);
        },
        hear(onReply, onCrash) {
          worker.onmessage = ({ data }: MessageEvent<Reply>) => {
            onReply(data);
          };
          worker.onerror = event => {
            event.preventDefault();
            onCrash(event.message);
          };
        },
        end() {
          worker.terminate();
        },
      });
    };
  });
}

/** Runs the host on this thread. The message channel copies messages, as between the page and a worker. */
function onMainThread(): EnginePort {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  return {
    where: 'main thread',
    post(request, transfer) {
      port1.postMessage(request, transfer);
    },
    hear(onReply) {
      port1.onmessage = ({ data }: MessageEvent<Reply>) => {
        onReply(data);
      };
    },
    end() {
      port1.close();
      port2.close();
    },
  };
}
