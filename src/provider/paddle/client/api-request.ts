import { ProviderError } from '../../provider-error';
import type { Json } from '../json-fields';
import type { Operation } from './operations';

/** One request to Paddle's API, without what every request carries. */
export interface ApiRequest {
  operation: Operation;
  /** Goes where the operation's path says `{id}`. */
  id?: string;
  query?: URLSearchParams;
  /** None where Paddle expects none: it refuses some operations that come with an empty object. */
  body?: Json;
}

const PADDLE_ID = /^[a-z]{1,16}_[A-Za-z\d]{1,64}$/;

/** Where the API is: builds the paths below it, and knows whether an address that comes back is one of them. */
export class ApiBase {
  readonly origin: string;
  private readonly basePath: string;

  constructor(apiUrl: string) {
    const { origin, pathname } = new URL(apiUrl);
    this.origin = origin;
    this.basePath = pathname.replace(/\/+$/, '');
  }

  /** @throws ProviderError `not_found` for an id that cannot be one of Paddle's, and could lead to another path */
  pathOf({ operation, id, query }: ApiRequest): string {
    const path = operation.path.replace('{id}', () => checkedId(id));
    return `${this.basePath}${path}${query && query.size > 0 ? `?${query.toString()}` : ''}`;
  }

  /**
   * The query that asks for the next page.
   * @param next the address that Paddle gives with a page
   * @returns null when it leads anywhere else than to the same list: the key is sent nowhere else
   */
  queryOfNext(next: string, request: ApiRequest): URLSearchParams | null {
    const url = URL.canParse(next, this.origin) ? new URL(next, this.origin) : null;
    const { query: _, ...list } = request;
    return url && url.origin === this.origin && url.pathname === this.pathOf(list) ? url.searchParams : null;
  }
}

function checkedId(id: string | undefined): string {
  if (id !== undefined && PADDLE_ID.test(id)) return id;
  throw new ProviderError({ failure: 'refused', refusal: 'not_found', outcome: 'not_done' });
}
