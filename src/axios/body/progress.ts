/** Progress as the caller sees it: of one request, even if the request is sent several times. */

import type { AxiosProgressEvent, InternalAxiosRequestConfig } from 'axios';

type Listener = (event: AxiosProgressEvent) => void;

/** Reports only new progress: bytes that a previous send has reported are not reported again. */
export class Progress {
  readonly #upload: Counter | undefined;
  readonly #download: Counter | undefined;
  #send = 0;

  constructor({ onUploadProgress, onDownloadProgress }: InternalAxiosRequestConfig) {
    if (onUploadProgress) this.#upload = new Counter(onUploadProgress);
    if (onDownloadProgress) this.#download = new Counter(onDownloadProgress);
  }

  /** Whether the caller listens. */
  static isWanted({ onUploadProgress, onDownloadProgress }: InternalAxiosRequestConfig): boolean {
    return Boolean(onUploadProgress || onDownloadProgress);
  }

  /** Sets the listeners of a new send on its config; events of the previous send are ignored from now on. */
  listen(copy: InternalAxiosRequestConfig): void {
    this.#send += 1;
    if (this.#upload) copy.onUploadProgress = this.#listener(this.#upload, this.#send);
    if (this.#download) copy.onDownloadProgress = this.#listener(this.#download, this.#send);
  }

  #listener(counter: Counter, send: number): Listener {
    return (event) => {
      if (send === this.#send) counter.tell(event);
    };
  }
}

/** Counts the bytes of one direction. */
class Counter {
  #loaded = -1;

  constructor(private readonly listener: Listener) {}

  tell(event: AxiosProgressEvent): void {
    const { loaded } = event;
    if (loaded <= this.#loaded) return;
    const bytes = loaded - Math.max(0, this.#loaded);
    this.#loaded = loaded;
    this.listener({ ...event, bytes });
  }
}
