type Child = Node | string | undefined;

/** An element with attributes and children; `undefined` attributes and children are left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined));
  return element;
}

/** Replaces the children of `parent`. The control that had the focus has it again, by its place among the controls. */
export function replaceKeepingFocus(parent: HTMLElement, children: readonly Node[]): void {
  const controls = (): HTMLElement[] => [
    ...parent.querySelectorAll<HTMLElement>('button, input, select, [tabindex]'),
  ];
  const root = parent.getRootNode();
  const active = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
  const at = active instanceof HTMLElement ? controls().indexOf(active) : -1;
  parent.replaceChildren(...children);
  if (at >= 0) controls()[at]?.focus();
}

/** An element with a class and text, which is never parsed as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
