import { describe, expect, it } from 'vitest';
import { HostModel } from './host-model.ts';
import type { SessionMessage } from './session-api.ts';

const open = () => {
  const sent: SessionMessage[] = [];
  return { sent, model: new HostModel((message) => sent.push(message)) };
};
const never = new AbortController().signal;

describe('HostModel', () => {
  it('matches answers to questions by id, in any order', async () => {
    const { sent, model } = open();
    const first = model.send('one', [], never);
    const second = model.send('two', [], never);
    expect(sent).toMatchObject([
      { id: 1, prompt: 'one' },
      { id: 2, prompt: 'two' },
    ]);
    model.answer({ kind: 'model-reply', id: 2, text: 'b' });
    model.answer({ kind: 'model-reply', id: 1, text: 'a' });
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  });

  it('fails with what the editor says, and drops answers that come late', async () => {
    const { model } = open();
    const question = model.send('one', [], never);
    model.answer({ kind: 'model-reply', id: 1, failure: 'No consent.' });
    await expect(question).rejects.toThrow('No consent.');
    expect(() => model.answer({ kind: 'model-reply', id: 1, text: 'late' })).not.toThrow();
  });

  it('stops waiting when it is cancelled', async () => {
    const { model } = open();
    const stop = new AbortController();
    const question = model.send('one', [], stop.signal);
    stop.abort();
    await expect(question).rejects.toThrow(/cancelled/);
  });
});
