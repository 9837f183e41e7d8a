import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestHooks } from '../../../src/extension/support/test-hooks.ts';

/** In a window of its own: nothing has activated the extension before. */
describe('activation', () => {
  it('is asked for by nothing but a notebook, a command or a view, and costs what it prints', async () => {
    const ours = vscode.extensions.getExtension<TestHooks>('waybook.waybook');
    const empty = vscode.extensions.getExtension('waybook-tests.empty');
    assert.ok(ours && empty);
    const { activationEvents } = ours.packageJSON as { activationEvents: string[] };
    assert.deepEqual(
      activationEvents.filter((event) => event === '*' || event === 'onStartupFinished'),
      [],
    );
    assert.equal(ours.isActive, false, 'something activated the extension before anybody asked for it');
    const time = async (extension: vscode.Extension<unknown>): Promise<number> => {
      const started = performance.now();
      await extension.activate();
      return performance.now() - started;
    };
    const nothing = await time(empty);
    const all = await time(ours);
    const { activationMs } = ours.exports;
    console.log(
      `activation: activate() ${activationMs.toFixed(1)} ms; loading and activating ${all.toFixed(1)} ms, an empty extension's ${nothing.toFixed(1)} ms in the same host`,
    );
  });
});
