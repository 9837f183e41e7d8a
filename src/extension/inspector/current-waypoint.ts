import * as vscode from 'vscode';
import { locateWaypoints } from '../language/waypoint-locations.ts';
import { attributesOf, findCell } from '../notebook/cells.ts';

/** Lights up the waypoint that a slider has reached, in the JSON it stands in: in its own cell, or in the one executed. */
export class CurrentWaypoint implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    isWholeLine: true,
  });

  /** -1 for none. */
  mark(cell: vscode.NotebookCell, waypoint: number): void {
    const executed = attributesOf(cell)['trajectory'];
    const source = executed === undefined ? cell : findCell(cell.notebook, executed);
    if (!source) return;
    const { document } = source;
    const found = locateWaypoints(document.getText())[waypoint];
    const ranges = found
      ? [new vscode.Range(document.positionAt(found.span.start), document.positionAt(found.span.end))]
      : [];
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) editor.setDecorations(this.decoration, ranges);
    }
  }

  dispose(): void {
    this.decoration.dispose();
  }
}
