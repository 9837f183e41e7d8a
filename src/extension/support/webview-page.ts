import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** An HTML page for one module script of ours: nothing remote, no inline script, styles by the script or inline. */
export function webviewPage(
  webview: vscode.Webview,
  dist: vscode.Uri,
  script: string,
  title: string,
  lang = vscode.env.language,
): string {
  const nonce = randomBytes(16).toString('hex');
  const src = webview.asWebviewUri(vscode.Uri.joinPath(dist, script)).toString();
  const policy = [
    "default-src 'none'",
    `img-src ${webview.cspSource} data: blob:`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource} data:`,
    `script-src 'nonce-${nonce}' ${webview.cspSource}`,
    `connect-src ${webview.cspSource} data: blob:`,
    'worker-src blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
</head>
<body><script type="module" nonce="${nonce}" src="${src}"></script></body>
</html>`;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
