/** Names and contents of the sample files. */
import { createRandom } from '../../src/core/base/random.js';
import { hospitalNotes } from './hospital.js';
import { incidentReports } from './incidents.js';
import { mentalHealthNotes } from './mentalHealth.js';

const notesOfEach = 600;
const seed = 2403;

export function* sampleFiles(): Generator<readonly [name: string, text: string]> {
  const hospital = hospitalNotes(notesOfEach, createRandom(seed, 'hospital'));
  for (const note of hospital) yield [`hospital-notes/${note.file}`, note.text];
  yield [
    'hospital-notes/metadata.csv',
    csv(
      ['file', 'note_category', 'triage', 'patient_id', 'date'],
      hospital.map((note) => [note.file, note.category, note.triage, note.patientId, note.date]),
    ),
  ];
  yield [
    'incidents.jsonl',
    incidentReports(notesOfEach, createRandom(seed, 'incidents'))
      .map((report) => `${JSON.stringify(report)}\n`)
      .join(''),
  ];
  yield [
    'mental-health.csv',
    csv(
      ['id', 'text', 'referral_team', 'patient_id', 'date'],
      mentalHealthNotes(notesOfEach, createRandom(seed, 'mental health')).map((note) => [
        note.id,
        note.text,
        note.team,
        note.patientId,
        // Day first, as a UK system exports it.
        note.date.split('-').reverse().join('/'),
      ]),
    ),
  ];
}

function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function quoted(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
