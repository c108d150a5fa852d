import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const typed = {
  files: ['**/*.ts'],
  extends: [tseslint.configs.strictTypeChecked],
  languageOptions: {
    parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
  },
  rules: {
    eqeqeq: 'error',
    // Where a package must be the copy that another package requires.
    '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
    'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/consistent-type-imports': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    // A number in a message is read as it is.
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    // Loops over typed arrays know their bounds; the compiler does not.
    '@typescript-eslint/no-non-null-assertion': 'off',
    '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    // `import x = require()` names the CommonJS copy of a package that has two.
    '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
    '@typescript-eslint/no-unused-vars': [
      'error',
      { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
    ],
  },
};

/** Tools read their own configuration from a default export. */
const defaultExportWanted = {
  files: ['*.config.ts'],
  rules: { 'no-restricted-exports': 'off' },
};

const scripts = {
  files: ['**/*.mjs', '*.js'],
  rules: {
    eqeqeq: 'error',
    'no-undef': 'off',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    'prefer-const': 'error',
    'no-var': 'error',
  },
};

export default defineConfig(
  globalIgnores([
    'dist/',
    'out/',
    '.tools/',
    'coverage/',
    'models/',
    '**/*.as.ts',
    'src/core/backend/cpu/kernels/binary.js',
    'test/fixtures/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  typed,
  defaultExportWanted,
  scripts,
);
