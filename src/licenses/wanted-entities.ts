import { invalidBody } from '../platform/domain-error';
import { pointerTo, type InputError } from '../platform/problem-details';
import type { WantedSeat } from './decide-seats';
import type { Metadata } from './license';

interface Named {
  entityId: string;
  name?: string | null;
  metadata?: Metadata;
}

/**
 * The entities that a body names, one by itself or several.
 * @throws DomainError `invalid_request` for none, for both, and for one that is named twice
 */
export function wantedEntities({ entities, ...one }: Partial<Named> & { entities?: Named[] }): WantedSeat[] {
  const { entityId, name, metadata } = one;
  if (!entities) {
    if (entityId === undefined) throw invalidBody([{ pointer: '/entityId', detail: 'is needed, or else entities' }]);
    return [toWanted({ ...one, entityId })];
  }
  const besides = Object.entries({ entityId, name, metadata }).filter(([, value]) => value !== undefined);
  const errors = [
    ...besides.map(([member]) => ({ pointer: pointerTo(member), detail: 'cannot stand beside entities' })),
    ...repetitionsIn(entities),
  ];
  if (errors.length > 0) throw invalidBody(errors);
  return entities.map(toWanted);
}

function repetitionsIn(entities: Named[]): InputError[] {
  const ids = entities.map(({ entityId }) => entityId);
  return ids.flatMap((id, index) => {
    if (ids.indexOf(id) === index) return [];
    return { pointer: pointerTo('entities', index, 'entityId'), detail: 'is on the list twice' };
  });
}

function toWanted({ entityId, name = null, metadata = {} }: Named): WantedSeat {
  return { entityId, name, metadata };
}
