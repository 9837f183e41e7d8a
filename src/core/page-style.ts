/** What a still draws by class, each in a colour of its own, which the page has for its dark and its light look. */
const STILL_CLASSES = ['coarse', 'refined', 'executed', 'target', 'neutral', 'compared'];

/**
 * The exported page's look: the editor's own tokens under their VS Code names, so that the viewer finds the same
 * variables on the page as inside the editor.
 */
export const PAGE_STYLE = `
:root{color-scheme:dark light;
--vscode-editor-background:#1f1f1f;--vscode-sideBar-background:#181818;--vscode-foreground:#cccccc;--vscode-descriptionForeground:#9d9d9d;
--vscode-panel-border:#2b2b2b;--vscode-widget-border:#313131;--vscode-focusBorder:#0078d4;--vscode-button-background:#0078d4;--vscode-button-foreground:#ffffff;
--vscode-textLink-foreground:#4daafc;--vscode-editorWidget-background:#202020;--vscode-toolbar-hoverBackground:#5a5d5e50;--vscode-list-hoverBackground:#2a2d2e;
--vscode-dropdown-background:#313131;--vscode-dropdown-border:#3c3c3c;--vscode-dropdown-foreground:#cccccc;
--vscode-font-family:system-ui,-apple-system,"Segoe UI",Roboto,Ubuntu,sans-serif;--vscode-editor-font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
--coarse:#f5c542;--refined:#4a90f0;--executed:#4fe0a0;--target:#da6db2;--neutral:#9da5ae;--compared:#d5dae0;
--ok:#73c991;--bad:#f85149;--refusal:#3a1d1d;--key:#9cdcfe;--string:#ce9178;--number:#b5cea8;--word:#569cd6}
@media (prefers-color-scheme:light){:root{
--vscode-editor-background:#ffffff;--vscode-sideBar-background:#f8f8f8;--vscode-foreground:#3b3b3b;--vscode-descriptionForeground:#5f5f5f;
--vscode-panel-border:#e5e5e5;--vscode-widget-border:#d4d4d4;--vscode-focusBorder:#005fb8;--vscode-button-background:#005fb8;
--vscode-textLink-foreground:#005fb8;--vscode-editorWidget-background:#f8f8f8;--vscode-toolbar-hoverBackground:#b8b8b850;--vscode-list-hoverBackground:#f2f2f2;
--vscode-dropdown-background:#ffffff;--vscode-dropdown-border:#cecece;--vscode-dropdown-foreground:#3b3b3b;
--coarse:#86690f;--refined:#093a86;--executed:#047b70;--target:#b41fbb;--neutral:#5e6670;--compared:#5e6670;
--ok:#2b6e34;--bad:#c4261d;--refusal:#fdeceb;--key:#0451a5;--string:#a31515;--number:#096d48;--word:#0000ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--vscode-editor-background);color:var(--vscode-foreground);font:13px/18px var(--vscode-font-family)}
main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:24px;line-height:32px;font-weight:600;margin:0 0 8px}h2{font-size:16px;line-height:24px;font-weight:600;margin:24px 0 8px}
a{color:var(--vscode-textLink-foreground)}
.verdict{margin:0 0 12px;display:flex;gap:8px;align-items:baseline}.verdict::before{content:"";width:8px;height:8px;border-radius:50%;background:var(--ok);align-self:center}
.verdict.bad::before{background:var(--bad);border-radius:0}.verdict.ok strong{color:var(--ok)}.verdict.bad strong{color:var(--bad)}
dl.facts{display:flex;flex-wrap:wrap;gap:4px 24px;margin:0 0 16px}dl.facts div{display:flex;gap:8px}dt{color:var(--vscode-descriptionForeground)}dd{margin:0;font-variant-numeric:tabular-nums}
.prose{max-width:72ch;margin:16px 0 12px;line-height:20px}.prose p{margin:0 0 8px}.prose h1{margin-top:8px}
.cell{margin:0 0 20px}
.source{border:1px solid var(--vscode-panel-border);border-radius:4px;background:var(--vscode-editor-background);overflow:hidden}
pre{margin:0;padding:8px 12px;overflow:auto;max-height:420px;font:12px/18px var(--vscode-editor-font-family)}
.key{color:var(--key)}.string{color:var(--string)}.number{color:var(--number)}.word{color:var(--word)}
.status{display:flex;flex-wrap:wrap;gap:0 12px;min-height:22px;align-items:center;padding:0 12px;font-size:12px;color:var(--vscode-descriptionForeground);font-variant-numeric:tabular-nums}
.status .spacer{flex:1}.outcome.succeeded{color:var(--ok)}.outcome.failed{color:var(--bad);font-weight:600}
.summary{margin:8px 0}.note{margin:8px 0;color:var(--vscode-descriptionForeground);font-size:12px}
.refusal{margin:8px 0;padding:8px 12px;border:1px solid var(--bad);border-radius:4px;background:var(--refusal)}.refusal p{margin:2px 0 0}
figure.scene{margin:8px 0 0;height:470px;border:1px solid var(--vscode-panel-border);border-radius:4px;background:var(--vscode-sideBar-background);overflow:hidden;position:relative}
details{margin:6px 0 0;font-size:12px}summary{cursor:pointer;color:var(--vscode-descriptionForeground);width:max-content}
table{border-collapse:collapse;margin:8px 0;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600;padding:0 0 4px}
th,td{text-align:left;padding:2px 16px 2px 0;border-bottom:1px solid var(--vscode-panel-border);font-weight:400;vertical-align:top}thead th{color:var(--vscode-descriptionForeground)}
table.facts th{color:var(--vscode-descriptionForeground)}table.facts td{font-family:var(--vscode-editor-font-family);font-size:12px;overflow-wrap:anywhere}
:focus-visible{outline:1px solid var(--vscode-focusBorder);outline-offset:1px}
@media (scripting:none){figure.scene>noscript{display:contents}}
figure.scene svg{display:block;width:100%;height:100%}
${STILL_CLASSES.map((name) => `figure.scene svg .${name}{stroke:var(--${name})}`).join('')}
figure.scene svg .edge{stroke:var(--vscode-sideBar-background)}figure.scene svg .link{stroke:#aeb4ba}figure.scene svg .joint{stroke:#4a5057}
figure.scene svg .ring{fill:var(--vscode-sideBar-background)}figure.scene svg text.coarse{stroke:none;fill:var(--coarse);font:600 10.5px var(--vscode-font-family)}
@media print{figure.scene{break-inside:avoid}}
@media (max-width:720px){main{padding:16px 12px 40px}figure.scene{height:400px}}
`;
