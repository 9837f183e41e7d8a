import tseslint from 'typescript-eslint';

/**
 * The arrows of the architecture: a folder may import the folders listed, itself, and nothing else of ours.
 * In short: extension, cli -> notebook -> planning, refinement, robot, records -> kinematics -> perception -> core;
 * the simulator is a program of its own that shares only geometry, kinematics, perception and the protocol codecs.
 */
const mayImport = {
  core: [],
  perception: ['core'],
  kinematics: ['core', 'perception'],
  planning: ['core', 'perception', 'kinematics'],
  refinement: ['core', 'perception', 'kinematics'],
  // Demonstrations are the simulator's scenes, planned by the built-in planner, with no engine running.
  'refinement/demos': ['core', 'perception', 'kinematics', 'planning', 'refinement', 'simulator', 'robot'],
  robot: ['core', 'perception', 'kinematics'],
  records: ['core', 'perception', 'kinematics'],
  notebook: ['core', 'perception', 'kinematics', 'planning', 'refinement', 'robot', 'records'],
  sweep: [
    'core',
    'perception',
    'kinematics',
    'planning',
    'refinement',
    // shards of demonstrations are work for the same engines
    'refinement/demos',
    'robot',
    'records',
    'notebook',
  ],
  simulator: ['core', 'perception', 'kinematics', 'robot/protocol'],
  evaluation: [
    'core',
    'perception',
    'kinematics',
    'planning',
    'refinement',
    'refinement/demos',
    'robot',
    'simulator',
  ],
  extension: [
    'core',
    'perception',
    'kinematics',
    'planning',
    'refinement',
    'robot',
    'records',
    'notebook',
    'sweep',
  ],
  cli: [
    'core',
    'perception',
    'kinematics',
    'planning',
    'refinement',
    'robot',
    'records',
    'notebook',
    'sweep',
    'evaluation',
    // the command that writes demonstrations
    'refinement/demos',
  ],
};
const folders = Object.keys(mayImport);

/** ESLint patterns for everything of ours that `folder` must not import. */
function forbidden(folder) {
  const allowed = mayImport[folder];
  const banned = folders.filter((f) => f !== folder && !allowed.includes(f));
  const group = banned.flatMap((f) => {
    const within = allowed.filter((a) => a.startsWith(`${f}/`));
    // These are gitignore patterns: nothing comes back from a folder that `**` has excluded as a whole.
    return ['..', '../..', '../../..'].flatMap((up) =>
      within.length === 0 ? [`${up}/${f}/**`] : [`${up}/${f}/*`, ...within.map((a) => `!${up}/${a}`)],
    );
  });
  return {
    group,
    message: `src/${folder} may import only: ${['itself', ...allowed].join(', ')} (docs/architecture.md, Folders).`,
  };
}

const vscodeOnlyAtTheEdge = { group: ['vscode'], message: 'Only src/extension imports vscode.' };
const noNodeModules = {
  group: ['node:*', 'fs', 'path', 'crypto'],
  message: 'src/core and codecs run in browsers too.',
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'out/',
      'node_modules/',
      '.vscode-test/',
      '**/*.mjs',
      '**/*.cjs',
      'vitest.config.ts',
      '**/fixtures/**',
      'types/',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.node.json', './tsconfig.webview.lint.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-console': 'error',
    },
  },
  ...folders.map((folder) => ({
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            forbidden(folder),
            ...(folder === 'extension' ? [] : [vscodeOnlyAtTheEdge]),
            ...(folder === 'core' ? [noNodeModules] : []),
          ].filter((p) => p.group.length > 0),
        },
      ],
    },
  })),
  {
    files: ['webview/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            noNodeModules,
            {
              regex: '^(\\.\\./)+src/(?!core/|perception/codecs/)',
              message: 'The webview imports core and perception/codecs only.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'off',
    },
  },
);
