// Reads the live feed with fetch, because EventSource can't send a token. Goes on by the last id after a break.
import { headers } from "./api";

export interface FeedMessage {
  event: string;
  data: Record<string, any>;
}

const silenceMs = 40_000; // the server's heartbeat comes every 15 s
const retryMsFirst = 500;
const retryMsMost = 15_000;

export class Feed {
  private last: string | null = null;
  private stopped = false;
  private abort = new AbortController();
  private wakeUp: () => void = () => undefined;

  // `heard` is called for every sign of life, `link` when it comes up or breaks,
  // `refused` when the session has ended.
  constructor(
    private readonly site: string,
    private readonly tell: (message: FeedMessage) => void,
    private readonly link: (up: boolean) => void,
    private readonly heard: () => void,
    private readonly refused: () => void,
  ) {
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.abort.abort();
    this.wakeUp();
  }

  // The network is said to be back: try now.
  retry(): void {
    this.wakeUp();
  }

  private async run(): Promise<void> {
    let wait = retryMsFirst;
    while (!this.stopped) {
      const began = Date.now();
      try {
        await this.readOnce();
      } catch {
        // A broken connection is a state that the page shows, not an error.
      }
      if (this.stopped) return;
      this.link(false);
      wait = Date.now() - began > retryMsMost ? retryMsFirst : Math.min(wait * 2, retryMsMost);
      await new Promise<void>((resolve) => {
        this.wakeUp = resolve;
        setTimeout(resolve, wait * (0.5 + Math.random() / 2));
      });
    }
  }

  private async readOnce(): Promise<void> {
    this.abort = new AbortController();
    const sent = headers();
    if (this.last) sent["Last-Event-ID"] = this.last;
    const response = await fetch(`/api/v1/feed?site=${encodeURIComponent(this.site)}`, { headers: sent, signal: this.abort.signal });
    if (response.status === 401) this.refused();
    if (!response.ok || !response.body) throw new Error(String(response.status));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    let guard = 0;
    const alive = (): void => {
      this.heard();
      clearTimeout(guard);
      guard = window.setTimeout(() => this.abort.abort(), silenceMs);
    };
    alive();
    this.link(true);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        alive();
        text += value;
        let end;
        while ((end = text.indexOf("\n\n")) >= 0) {
          this.take(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } finally {
      clearTimeout(guard);
    }
  }

  private take(frame: string): void {
    let event = "message";
    let data = "";
    for (const line of frame.split("\n")) {
      if (line.startsWith("id: ")) this.last = line.slice(4);
      if (line.startsWith("event: ")) event = line.slice(7);
      if (line.startsWith("data: ")) data += line.slice(6);
    }
    if (data) this.tell({ event, data: JSON.parse(data) });
  }
}
