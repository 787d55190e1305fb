import { request } from 'undici';

interface Price {
  id: string;
  product_id: string;
  name: string | null;
}

export interface WorldSubscription {
  id: string;
  status: string;
  customer_id: string;
  currency_code: string;
  collection_mode: string;
  started_at: string | null;
  next_billed_at: string | null;
  paused_at: string | null;
  canceled_at: string | null;
  current_billing_period: { starts_at: string; ends_at: string } | null;
  scheduled_change: { action: string; effective_at: string; resume_at: string | null } | null;
  custom_data: { user_id?: string } | null;
  items: { quantity: number; recurring: boolean; price: Price; trial_dates: { ends_at: string } | null }[];
}

export interface WorldTransaction {
  id: string;
  status: string;
  origin: string;
  custom_data: { user_id?: string } | null;
  customer_id: string | null;
  subscription_id: string | null;
  currency_code: string;
  invoice_number: string | null;
  billed_at: string | null;
  items: { price: Price & { billing_cycle: object | null } }[];
  details: {
    totals: { subtotal: string; discount: string; tax: string; total: string; grand_total: string };
    line_items: { id: string; price_id: string; totals: { total: string } }[];
    [more: string]: unknown;
  };
  payments: { status: string; amount: string; captured_at: string | null }[];
}

export interface WorldAdjustment {
  id: string;
  status: string;
  action: string;
  transaction_id: string;
  currency_code: string;
  totals: { total: string };
  items: { item_id: string; type: string; totals: { total: string } }[];
}

/** The simulator's world, as Paddle's API would show it. */
export interface PaddleWorld {
  now: string;
  customers: { id: string; email: string }[];
  subscriptions: WorldSubscription[];
  transactions: WorldTransaction[];
  adjustments: WorldAdjustment[];
}

const API_KEY = 'pdl_sdbx_apikey_01kekj4jz07s25wjvvk5fvat9y_0123456789abcdefghijkl_abc';

/** Speaks to a running simulator: to its clock, and to its API, whose faults are on. */
export class PaddleControl {
  constructor(readonly url: string) {}

  async post<Answer>(path: string, body: object = {}): Promise<Answer> {
    const answer = await request(`${this.url}/_control${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      bodyTimeout: 0,
      headersTimeout: 0,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
    return JSON.parse(text) as Answer;
  }

  /** How many more requests shall meet the fault of the API. */
  async faultsLeft(): Promise<number> {
    const { times } = (await (await request(`${this.url}/_control/faults`)).body.json()) as { times: number };
    return times;
  }

  async world(): Promise<PaddleWorld> {
    return (await (await request(`${this.url}/_control/state`)).body.json()) as PaddleWorld;
  }

  /** Replays what was given up, as an operator would, until nothing is left. */
  async replayFailed(done: Set<string>): Promise<number> {
    let replayed = 0;
    for (let path = '/notifications?status=failed&per_page=200'; path;) {
      const page = await this.api<Page>('GET', path);
      const fresh = page.data.filter(({ id, origin }) => origin === 'event' && !done.has(id));
      for (const { id } of fresh) {
        done.add(id);
        await this.api('POST', `/notifications/${id}/replay`);
        replayed++;
      }
      path = page.meta.pagination.has_more ? page.meta.pagination.next.slice(this.url.length) : '';
    }
    return replayed;
  }

  /** Asks until there is an answer: a replay that happened twice does no harm, the event id is the same. */
  private async api<Answer>(method: 'GET' | 'POST', path: string): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await request(`${this.url}${path}`, {
          method,
          headers: { authorization: `Bearer ${API_KEY}` },
          headersTimeout: 300,
        });
        const text = await answer.body.text();
        if (answer.statusCode < 300) return JSON.parse(text) as Answer;
        if (attempt > 50) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
      } catch (error) {
        if (attempt > 50) throw error;
      }
    }
  }
}

interface Page {
  data: { id: string; origin: string }[];
  meta: { pagination: { next: string; has_more: boolean } };
}
