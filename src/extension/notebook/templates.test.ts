import { describe, expect, it } from 'vitest';
import { checkNotebook } from '../../notebook/file/check-notebook.ts';
import { TEMPLATES, templateText } from './templates.ts';

describe('templates', () => {
  it.each(TEMPLATES)('$id is a notebook without a finding', (template) => {
    expect(checkNotebook(templateText(template), 'template')).toEqual([]);
  });
});
