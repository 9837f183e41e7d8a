import * as vscode from 'vscode';
import type { Vec3 } from '../../core/geometry.ts';
import { parsePinMarked, type PinMarked } from '../../core/viewer-messages.ts';
import type { Pin } from '../../planning/grounding/pins.ts';
import type { NotebookProperties } from '../notebook/notebook-properties.ts';
import { sceneOf } from '../outputs/cell-output.ts';
import { withPin } from './pin-edit.ts';

/** What is pinned without asking, when another feature or a test says it. */
export interface NamedPin extends Pin {
  readonly name: string;
}

/**
 * **Pin a Name**: a person names a thing that the last capture found, a point in base or what was marked in 3D, and says how it
 * opens where it is a handle. Written into the front matter's `pins:`, which makes plans stale.
 */
export async function pinName(
  notebook: vscode.NotebookDocument,
  properties: NotebookProperties,
  said: unknown,
): Promise<void> {
  const marked = parsePinMarked(said);
  const pin = isNamedPin(said) ? said : marked ? await askForName(marked) : await askForPin(notebook);
  if (pin === undefined) return;
  await properties.rewrite(notebook, (raw, eol) => withPin(raw, pin.name, pin, eol));
}

/** A place that was marked in 3D has everything but its name. */
async function askForName({ called, ...pin }: PinMarked): Promise<NamedPin | undefined> {
  const name = (
    await vscode.window.showInputBox({
      title: vscode.l10n.t('What is it called?'),
      prompt: vscode.l10n.t('Marked at {0}', textOf(pin.at)),
      value: called ?? '',
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A pin needs a name.') : undefined),
    })
  )?.trim();
  return name === undefined ? undefined : { name, ...pin };
}

async function askForPin(notebook: vscode.NotebookDocument): Promise<NamedPin | undefined> {
  const found = foundIn(notebook);
  const picked = await vscode.window.showQuickPick(
    [
      ...found.map(({ label, at }) => ({ label, description: textOf(at), at })),
      { label: vscode.l10n.t('A point…'), description: vscode.l10n.t('x, y, z in base [m]'), at: undefined },
    ],
    {
      title: vscode.l10n.t('Pin a Name: what?'),
      placeHolder: vscode.l10n.t('What the last capture found, or a point'),
    },
  );
  if (picked === undefined) return undefined;
  const at =
    picked.at ?? (await askForVector(vscode.l10n.t('Where, as x, y, z in base [m]'), '0.5, 0, 0.05'));
  if (at === undefined) return undefined;
  const name = (
    await vscode.window.showInputBox({
      title: vscode.l10n.t('What is it called?'),
      value: picked.at === undefined ? '' : picked.label,
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A pin needs a name.') : undefined),
    })
  )?.trim();
  if (name === undefined) return undefined;
  const kind = await vscode.window.showQuickPick(
    [
      { label: vscode.l10n.t('A thing or a place'), pin: 'thing' as const },
      { label: vscode.l10n.t('A handle that is pulled along a line'), pin: 'slides' as const },
      { label: vscode.l10n.t('A handle on a hinge'), pin: 'swings' as const },
    ],
    { title: vscode.l10n.t('What kind of pin is "{0}"?', name) },
  );
  switch (kind?.pin) {
    case undefined:
      return undefined;
    case 'thing':
      return { name, at };
    case 'slides': {
      const opens = await askForVector(vscode.l10n.t('Which way it opens, as x, y, z in base'), '-1, 0, 0');
      return opens && { name, at, opens };
    }
    case 'swings': {
      const origin = await askForVector(
        vscode.l10n.t('A point on the hinge, as x, y, z in base [m]'),
        '0.6, 0.1, 0.1',
      );
      const axis =
        origin &&
        (await askForVector(vscode.l10n.t('The axis about which it opens, as x, y, z in base'), '0, 0, 1'));
      return origin && axis && { name, at, hinge: { origin, axis } };
    }
  }
}

/** The things that the newest output with detections shows. */
function foundIn(notebook: vscode.NotebookDocument): { label: string; at: Vec3 }[] {
  for (const cell of [...notebook.getCells()].reverse()) {
    const boxes = (sceneOf(cell)?.layers ?? []).flatMap((layer) =>
      layer.kind === 'boxes' ? layer.boxes : [],
    );
    if (boxes.length > 0) return boxes.map(({ label, pose }) => ({ label, at: pose.position }));
  }
  return [];
}

async function askForVector(title: string, example: string): Promise<Vec3 | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    placeHolder: example,
    validateInput: (typed) =>
      vectorOf(typed) === undefined ? vscode.l10n.t('Three numbers, such as {0}', example) : undefined,
  });
  return text === undefined ? undefined : vectorOf(text);
}

const textOf = (at: Vec3): string => at.map((v) => v.toFixed(3)).join(', ');

function vectorOf(text: string): Vec3 | undefined {
  const values = text
    .replace(/[[\]()]/g, '')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
  return isVector(values) ? values : undefined;
}

const isVector = (value: unknown): value is Vec3 =>
  Array.isArray(value) &&
  value.length === 3 &&
  value.every((v) => typeof v === 'number' && Number.isFinite(v));

function isNamedPin(value: unknown): value is NamedPin {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('at' in value)) return false;
  const { opens, hinge } = value as { opens?: unknown; hinge?: { origin?: unknown; axis?: unknown } };
  return (
    typeof value.name === 'string' &&
    value.name.trim() !== '' &&
    isVector(value.at) &&
    (opens === undefined || isVector(opens)) &&
    (hinge === undefined || (isVector(hinge.origin) && isVector(hinge.axis)))
  );
}
