import { connect, type Socket } from 'node:net';

export interface PreparedRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

export const CONNECTIONS = 64;

/** Sends each request once, spread over 64 connections. @returns requests a second until the last answer */
export async function sendAll(url: string, requests: PreparedRequest[]): Promise<number> {
  const wires = requests.map((request) => onTheWire(url, request));
  return rateOf(wires.length, () =>
    eachConnection(url, async (connection, first) => {
      for (let next = first; next < wires.length; next += CONNECTIONS) await connection.ask(wires[next]!);
    }),
  );
}

/** Goes round the requests for some seconds, at full speed or at `overallRate` a second. @returns requests a second */
export async function sendFor(url: string, requests: PreparedRequest[], seconds: number, overallRate?: number): Promise<number> {
  const wires = requests.map((request) => onTheWire(url, request));
  const pauseMs = overallRate ? (CONNECTIONS / overallRate) * 1000 : 0;
  let answered = 0;
  const started = performance.now();
  const end = started + seconds * 1000;
  await eachConnection(url, async (connection, first) => {
    let due = started + (first / CONNECTIONS) * pauseMs;
    for (let next = first; performance.now() < end; next += CONNECTIONS, due += pauseMs) {
      const early = due - performance.now();
      if (pauseMs && early > 1) await new Promise((resolve) => setTimeout(resolve, early));
      await connection.ask(wires[next % wires.length]!);
      answered++;
    }
  });
  return answered / ((performance.now() - started) / 1000);
}

async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return count / ((performance.now() - started) / 1000);
}

async function eachConnection(url: string, work: (connection: Connection, index: number) => Promise<void>): Promise<void> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(url)));
  try {
    await Promise.all(connections.map((connection, index) => work(connection, index)));
  } finally {
    for (const connection of connections) connection.close();
  }
}

function onTheWire(url: string, { method, path, headers, body }: PreparedRequest): Buffer {
  const fields = { host: new URL(url).host, ...headers, ...(body ? { 'content-length': String(body.length) } : {}) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), body ?? Buffer.alloc(0)]);
}

/**
 * One keep-alive connection, one request at a time. HTTP clients cost more than the servers that are measured here;
 * this one knows just what those answer: status 200 and a content-length.
 */
class Connection {
  private received = '';
  private waiting: { resolve: () => void; reject: (error: Error) => void } | null = null;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => this.take(part));
    socket.on('error', (error) => this.waiting?.reject(error));
    socket.on('close', () => this.waiting?.reject(new Error('the server hung up')));
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  ask(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(part: string): void {
    this.received = this.received ? this.received + part : part;
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.received)?.[1]);
    if (this.received.length < headEnd + 4 + length) return;
    const ok = this.received.startsWith('HTTP/1.1 200 ');
    const problem = ok ? null : new Error(`refused: ${this.received}`);
    this.received = '';
    const { resolve, reject } = this.waiting!;
    this.waiting = null;
    if (problem) reject(problem);
    else resolve();
  }
}
