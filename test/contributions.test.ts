/** The ids, settings and views of package.json and those in the code are the same. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createPanels } from '../src/extension/panels/all.js';
import { fakeServices } from './extension-unit/fixtures/services.js';
import { host } from './host/fakeVscode.js';
import {
  commandIds,
  configurationEnding,
  configurationSchema,
  contextKeys,
  defaultSettings,
  extensionId,
  noteScheme,
  offeredDevices,
  panelType,
  settingKeys,
  viewIds,
} from '../src/extension/contributions.js';
import { deviceSentence } from '../src/protocol/catalogue/deviceUses.js';

interface Command {
  command: string;
  title: string;
  category: string;
}
interface Property {
  default: unknown;
  scope: string;
  description?: string;
  markdownDescription?: string;
  enum?: string[];
  enumDescriptions?: string[];
}
interface Manifest {
  name: string;
  publisher: string;
  main: string;
  icon: string;
  activationEvents: string[];
  capabilities: {
    untrustedWorkspaces: { supported: unknown; restrictedConfigurations: string[] };
    virtualWorkspaces: { supported: unknown; description: string };
  };
  contributes: {
    commands: Command[];
    menus: Record<string, { command: string; when?: string }[]>;
    views: Record<string, { id: string; when?: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    viewsWelcome: { view: string; contents: string }[];
    configuration: { properties: Record<string, Property> };
    jsonValidation: { fileMatch: string; url: string }[];
    walkthroughs: { steps: { description: string; media: { markdown: string } }[] }[];
  };
}

const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { contributes } = manifest;
const ids = new Set<string>(Object.values(commandIds));

describe('package.json and the code', () => {
  it('agree on the name', () => {
    expect(`${manifest.publisher}.${manifest.name}`).toBe(extensionId);
  });

  it('agree on the commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...ids].sort());
    expect(contributes.commands.every(({ category }) => category === 'Notespace')).toBe(true);
  });

  it('agree on the settings and their defaults', () => {
    const declared = Object.entries(contributes.configuration.properties).map(
      ([key, property]) => [key, property.default] as const,
    );
    const known = Object.entries(settingKeys).map(
      ([name, key]) => [key, defaultSettings[name as keyof typeof settingKeys]] as const,
    );
    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(known));
  });

  it('offer the devices of the catalogue that embed, in its words', () => {
    const device = contributes.configuration.properties[settingKeys.device];
    expect(device?.enum).toEqual(offeredDevices);
    expect(device?.enumDescriptions).toEqual(offeredDevices.map(deviceSentence));
  });

  it('agree on the views and panels', () => {
    const views = Object.values(contributes.views).flat();
    expect(views.map(({ id }) => id).sort()).toEqual(Object.values(viewIds).sort());
    const panels = createPanels(fakeServices().services);
    for (const panel of Object.values(panels)) panel.dispose();
    const events = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
    expect(events.sort()).toEqual(
      [...host.serializers.keys()].map((type) => `onWebviewPanel:${type}`).sort(),
    );
    // A webview is a panel of its own, or a view beside the editor.
    const types = [...host.serializers.keys(), ...host.providers.keys()];
    expect(types.sort()).toEqual(Object.keys(panels).map(panelType).sort());
    for (const name of Object.keys(panels)) {
      const page = new URL(`../webview/${name}/main.ts`, import.meta.url);
      expect(existsSync(page), name).toBe(true);
    }
    expect(manifest.activationEvents).toContain(`onFileSystem:${noteScheme}`);
    // A home need not be in the workspace.
    expect(manifest.activationEvents).toContain('onStartupFinished');
  });

  it('name no command, view or context key that does not exist', () => {
    for (const { command } of Object.values(contributes.menus).flat())
      expect(ids).toContain(command);
    const clauses = JSON.stringify([contributes.menus, contributes.views]);
    const named = new Set(clauses.match(/\bnotespace\.\w+(\.\w+)*/g));
    const known = new Set<string>([
      ...ids,
      ...Object.values(contextKeys),
      ...Object.values(viewIds),
      ...Object.values(settingKeys),
    ]);
    for (const name of named) if (name !== 'notespace.svg') expect(known).toContain(name);
    const prose = JSON.stringify([contributes.viewsWelcome, contributes.walkthroughs]);
    for (const [, command] of prose.matchAll(/\(command:(notespace\.\w+)\)/g)) {
      expect(ids).toContain(command);
    }
  });

  it('show every command that a user may look for by the name that the documentation gives it', () => {
    const titles = contributes.commands.map(({ category, title }) => `${category}: ${title}`);
    for (const title of [
      'Notespace: Add Corpus…',
      'Notespace: Index Notes',
      'Notespace: Pre-train…',
      'Notespace: Evaluate…',
      'Notespace: Analyse Embedding Space…',
      'Notespace: Show Clusters',
      'Notespace: Find Similar Notes',
      'Notespace: Find Notes by Text…',
      'Notespace: Compare Runs…',
      'Notespace: Delete Run…',
      'Notespace: Import Model…',
    ]) {
      expect(titles).toContain(title);
    }
  });

  it('are in the user guide with every command of the palette', () => {
    const guide = readFileSync(new URL('../docs/user-guide.md', import.meta.url), 'utf8');
    const rows = guide.split('\n').filter((line) => line.startsWith('| Notespace: '));
    const named = rows.flatMap(
      (row) => row.split('|')[1]?.replace('Notespace: ', '').split(',') ?? [],
    );
    const hidden = (contributes.menus['commandPalette'] ?? [])
      .filter(({ when }) => when === 'false')
      .map(({ command }) => command);
    const titles = contributes.commands
      .filter(({ command }) => !hidden.includes(command))
      .map(({ title }) => title);
    expect(named.map((title) => title.trim()).sort()).toEqual(titles.sort());
  });

  it('restrict every setting that names a path or steers a program in untrusted workspaces', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    expect(untrustedWorkspaces.supported).toBe('limited');
    expect([...untrustedWorkspaces.restrictedConfigurations].sort()).toEqual(
      [
        settingKeys.device,
        settingKeys.hubUrl,
        settingKeys.storageFolder,
        settingKeys.threads,
      ].sort(),
    );
    expect(virtualWorkspaces.supported).toBe(false);
    expect(virtualWorkspaces.description).not.toBe('');
    // A workspace must not be able to show what the user has hidden.
    expect(contributes.configuration.properties[settingKeys.hideNoteText]?.scope).toBe(
      'application',
    );
  });

  it('complete training configurations, and offer to start with them, by the same ending', () => {
    expect(contributes.jsonValidation).toEqual([
      { fileMatch: `*${configurationEnding}`, url: configurationSchema },
    ]);
    const clause = `resourceFilename =~ /${configurationEnding.replaceAll('.', '\\.')}$/`;
    const starts = [
      ...(contributes.menus['editor/title'] ?? []),
      ...(contributes.menus['commandPalette'] ?? []),
    ]
      .filter(({ command }) => command === commandIds.pretrainWithConfiguration)
      .map(({ when }) => when);
    expect(starts).toEqual([clause, clause]);
  });

  it('describe every setting, and every file that is named exists', () => {
    for (const property of Object.values(contributes.configuration.properties)) {
      expect(property.description ?? property.markdownDescription ?? '').toMatch(/\w.*\.$/);
    }
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
    ];
    for (const file of files) {
      expect(existsSync(new URL(`../${file}`, import.meta.url)), file).toBe(true);
    }
  });
});
