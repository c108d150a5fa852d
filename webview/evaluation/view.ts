import type { TemplateResult } from 'lit';
import { runView } from '../shared/runView.js';
import type { Theme } from '../shared/theme.js';
import type { EvaluationActions } from './actions.js';
import { figuresTable } from './figuresTable.js';
import { reportView } from './report.js';
import type { EvaluationState } from './state.js';

export function evaluationView(
  state: EvaluationState,
  theme: Theme,
  actions: EvaluationActions,
): TemplateResult {
  return runView({
    noun: 'evaluation',
    icon: 'checklist',
    state,
    control: actions.control,
    body: (content) =>
      content.type === 'figures'
        ? figuresTable(content, theme)
        : reportView(state, content, theme, actions),
    gist: ({ verdict }) => verdict[0] ?? '',
  });
}
