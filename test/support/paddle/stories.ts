import { REPORTS_MONTHLY, SOLO_MONTHLY, SOLO_TRIAL, TEAM_MONTHLY } from './catalog';
import { Story, type PaddleEvent } from './story';

/**
 * The recorded-like stories of `test/fixtures`, one folder each. All but the trial follow one buyer, so they can be
 * sent one after the other, or each alone: every event is a full snapshot.
 */
export function recordedStories(): Record<string, PaddleEvent[]> {
  const robin = new Story({ label: 'robin', userId: 'user_1', startAt: '2026-01-10T09:30:00.000Z' });
  const trial = new Story({ label: 'kim', userId: 'user_2', startAt: '2026-02-01T14:00:00.000Z' });
  const solo = [{ price: SOLO_MONTHLY, quantity: 1 }];
  const team = [
    { price: TEAM_MONTHLY, quantity: 5 },
    { price: REPORTS_MONTHLY, quantity: 1 },
  ];
  return {
    signup: robin.signup(solo).take(),
    'signup-with-trial': trial.signup([{ price: SOLO_TRIAL, quantity: 1 }], 14).take(),
    renewal: robin.goTo('2026-02-10T09:30:30.000Z').renewal().take(),
    'failed-renewal': robin.goTo('2026-03-10T09:30:30.000Z').failedRenewal().take(),
    recovery: robin.goTo('2026-03-12T18:05:00.000Z').recovery().take(),
    upgrade: robin.goTo('2026-03-20T11:00:00.000Z').changeItems(team).take(),
    pause: robin.goTo('2026-04-02T08:15:00.000Z').pause().take(),
    resume: robin.goTo('2026-04-20T08:15:00.000Z').resume().take(),
    'scheduled-cancel': robin.goTo('2026-05-05T20:40:00.000Z').schedule('cancel').take(),
    cancel: robin.goTo('2026-05-20T08:15:30.000Z').cancel().take(),
  };
}
