/** Progress as the caller sees it: of one request, however often it is sent. */

import type { AxiosProgressEvent, InternalAxiosRequestConfig } from 'axios';

type Listener = (event: AxiosProgressEvent) => void;

// The body of a 401 is rarely longer. Its progress is nobody's concern, and whether it is one is known only at its end.
const MAX_HELD_BYTES = 65_536;

/** Passes on what is news: what the send before has uploaded is not uploaded again for the caller. */
export class Progress {
  readonly #upload: Counter | undefined;
  readonly #download: Counter | undefined;
  #send: Send = new Send();

  constructor({ onUploadProgress, onDownloadProgress }: InternalAxiosRequestConfig) {
    if (onUploadProgress) this.#upload = new Counter(onUploadProgress);
    if (onDownloadProgress) this.#download = new Counter(onDownloadProgress);
  }

  /** Whether the caller listens. */
  static isWanted({ onUploadProgress, onDownloadProgress }: InternalAxiosRequestConfig): boolean {
    return Boolean(onUploadProgress || onDownloadProgress);
  }

  /** Puts the listeners of a new send on its config; those of the one before are heard no more. */
  listen(copy: InternalAxiosRequestConfig): void {
    this.#send.drop();
    const send = new Send();
    this.#send = send;
    const [upload, download] = [this.#upload, this.#download];
    if (upload) copy.onUploadProgress = (event) => send.pass(() => upload.tell(event));
    if (download) copy.onDownloadProgress = (event) => send.passOrHold(event, () => download.tell(event));
  }

  /** The response of this send is the caller's. */
  settle(): void {
    this.#send.release();
  }
}

/** What one send reports, until it is known whose response it has. */
class Send {
  #isDropped = false;
  #held: Array<() => void> | undefined = [];

  drop(): void {
    this.#isDropped = true;
    this.#held = undefined;
  }

  release(): void {
    const held = this.#held;
    this.#held = undefined;
    for (const tell of held ?? []) tell();
  }

  pass(tell: () => void): void {
    if (!this.#isDropped) tell();
  }

  passOrHold({ loaded, total }: AxiosProgressEvent, tell: () => void): void {
    if (this.#isDropped) return;
    // Not Math.max: before axios 1.13 an unknown total is NaN.
    const isLong = loaded > MAX_HELD_BYTES || (total ?? 0) > MAX_HELD_BYTES;
    if (this.#held && !isLong) {
      this.#held.push(tell);
      return;
    }
    this.release();
    tell();
  }
}

/** One direction. */
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
