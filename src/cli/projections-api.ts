import type { ParseArgsConfig } from 'node:util';
import type { Settings } from '../platform/config';
import { adminToken } from './access-token';
import { callApp, Refused } from './call-app';
import type { Progress } from './progress-bar';
import { UsageError } from './usage-error';

export interface AccessChange {
  environment: string;
  userId: string;
  productId: string;
  before: { access: string } | null;
  after: { access: string } | null;
}

export interface RebuildDiff {
  added: number;
  removed: number;
  changed: number;
  changedFields: Record<string, number>;
  access: { users: number; gained: number; lost: number; changed: number; samples: AccessChange[] } | null;
}

export interface Rebuild extends Progress {
  id: string;
  projection: string;
  version: number;
  state: 'running' | 'ready' | 'live' | 'previous' | 'retired' | 'cancelled' | 'failed';
  parkedStreams: number;
  diff: RebuildDiff | null;
  error: string | null;
}

export interface ProjectionState {
  name: string;
  version: number;
  status: string;
  lag: { events: number; seconds: number };
  live: { id: string; version: number };
  parkedStreams: number;
  lastError: string | null;
  rebuild: Rebuild | null;
}

export const DEFAULT_APP = 'http://127.0.0.1:3000';

/** How to reach the app: options of every command that does. */
export const APP_OPTIONS = {
  to: { type: 'string', default: DEFAULT_APP },
  token: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** The projections of a running app, as its REST API shows them. */
export class ProjectionsApi {
  private constructor(
    /** Where the app is, without a slash at the end. */
    readonly app: string,
    private readonly token: string,
  ) {}

  static async open({ to, token }: { to: string; token?: string }, settings: Settings): Promise<ProjectionsApi> {
    if (!/^https?:/.test(to) || !URL.canParse(to)) throw new UsageError(`--to must be a URL such as ${DEFAULT_APP}.`);
    return new ProjectionsApi(to.replace(/\/+$/, ''), await adminToken(token, settings));
  }

  list(): Promise<ProjectionState[]> {
    return this.call('GET', '/projections');
  }

  /** @returns the id of the rebuild */
  async start(name: string, mode: 'preview' | 'swap'): Promise<string> {
    const path = `/projections/${encodeURIComponent(name)}/rebuild`;
    return (await this.call<{ rebuildId: string }>('POST', path, { body: { mode } })).rebuildId;
  }

  rebuild(name: string, id: string, signal?: AbortSignal): Promise<Rebuild> {
    return this.call('GET', pathOf(name, id), { signal });
  }

  swap(name: string, id: string): Promise<Rebuild> {
    return this.call('POST', `${pathOf(name, id)}/swap`);
  }

  cancel(name: string, id: string): Promise<Rebuild> {
    return this.call('POST', `${pathOf(name, id)}/cancel`);
  }

  rollBack(name: string): Promise<Rebuild> {
    return this.call('POST', `/projections/${encodeURIComponent(name)}/rollback`);
  }

  private async call<Document>(
    method: 'GET' | 'POST',
    path: string,
    { body, signal }: { body?: object; signal?: AbortSignal } = {},
  ): Promise<Document> {
    const headers = { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) };
    const answer = await callApp(new URL(`${this.app}${path}`), { method, headers, body: body && JSON.stringify(body), signal });
    if (answer.status >= 300 || 'code' in answer.document) throw new Refused(answer.status, answer.document);
    return answer.document as Document;
  }
}

function pathOf(name: string, id: string): string {
  return `/projections/${encodeURIComponent(name)}/rebuilds/${encodeURIComponent(id)}`;
}
