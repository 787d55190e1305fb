import { makeDemoCatalog } from '../../src/simulator/world/demo-catalog';
import { demoPriceId } from '../../src/simulator/world/demo-catalog';
import { Story, type StoryOptions } from '../../src/simulator/world/story';
import { microsOf } from '../../src/simulator/world/time';
import { World } from '../../src/simulator/world/world';
import { START } from './local-paddle';

/** A world with the demo catalog, whose making nobody has to hear of. */
export function newWorld({ seed = 'test', startAt = START } = {}): World {
  const world = new World({ seed, startAt: microsOf(startAt), checkoutUrl: () => 'https://pay.example.com' });
  makeDemoCatalog(world);
  world.takeEvents();
  return world;
}

export function priceOf(world: World, label: string): string {
  return demoPriceId(world.options.seed, label);
}

/** Somebody who has bought this. */
export function buyerOf(label: string, { world = newWorld(), quantity = 1, ...options }: BuyerOptions = {}): Story {
  return new Story(world, options).buy(priceOf(world, label), { quantity });
}

interface BuyerOptions extends StoryOptions {
  world?: World;
}

/** Events that nobody has taken yet, with entity snapshots. */
export function eventsOf(world: World): { type: string; data: Record<string, unknown> & { id: string; status?: string } }[] {
  return world.takeEvents().map(({ type, data }) => ({ type, data: JSON.parse(data) as { id: string } }));
}
